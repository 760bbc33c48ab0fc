using Emu.Api.Errors;
using Emu.Api.Requests;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Jobs;

/// <summary>
/// One JSON object that describes a job with the fields of <see cref="JobFields"/>, as the API and lines of batch files have it,
/// read strictly: an unknown field, a field of another kind of job, and a value of a wrong type are errors that name the field.
/// </summary>
/// <param name="Draft">The job.</param>
/// <param name="Fields">Every field that was read; the extra fields' values are read from it.</param>
public sealed record JobJson(JobDraft Draft, RequestFields Fields)
{
    /// <summary>Reads a job of a given kind.</summary>
    /// <param name="json">The object, UTF-8.</param>
    /// <param name="kind">The kind of job.</param>
    /// <param name="extra">Fields that are accepted besides the job's own.</param>
    /// <exception cref="ApiException">It is not one JSON object, or a field is wrong (<see cref="ApiException.Param"/>).</exception>
    public static JobJson Read(ReadOnlyMemory<byte> json, JobKind kind, params IReadOnlyList<RequestField> extra) =>
        Read(json, _ => new JobDraft { Kind = kind }, extra);

    /// <summary>Reads a job whose kind or other defaults follow from the extra fields.</summary>
    /// <param name="json">The object, UTF-8.</param>
    /// <param name="defaultsOf">The job that the object's fields change, from the extra fields.</param>
    /// <param name="extra">Fields that are accepted besides the job's own.</param>
    /// <exception cref="ApiException">It is not one JSON object, or a field is wrong (<see cref="ApiException.Param"/>).</exception>
    public static JobJson Read(ReadOnlyMemory<byte> json, Func<RequestFields, JobDraft> defaultsOf, params IReadOnlyList<RequestField> extra)
    {
        ArgumentNullException.ThrowIfNull(defaultsOf);
        var defaults = defaultsOf(JsonBody.Parse(json, Schema(JobFields.All, extra)));
        var fields = JsonBody.Parse(json, Schema(JobFields.Of(defaults.Kind), extra));
        return new JobJson(JobFields.Read(defaults, fields), fields);
    }

    private static RequestSchema Schema(IEnumerable<JobField> fields, IReadOnlyList<RequestField> extra) => new("Job", [.. extra, .. fields.Select(RequestField.Of)]);
}
