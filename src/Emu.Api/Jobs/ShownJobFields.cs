using System.Text.Json.Nodes;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Jobs;

/// <summary>Says that a resource shows the fields of a kind of job, so that its schema has them.</summary>
/// <param name="kind">The kind of job.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShowsJobFieldsAttribute(JobKind kind) : Attribute
{
    public JobKind Kind { get; } = kind;
}

/// <summary>The fields of a job's request in responses: their values and their JSON Schemas, both from <see cref="JobFields"/>.</summary>
internal static class ShownJobFields
{
    // The description of a field does not say what type its value has in responses, nor whether it may be null: a request
    // with every field and one with none but the required ones show it.
    private static readonly JobRequest RequiredFields = new() { Kind = JobKind.Video, Prompt = "", Model = "", Size = new FrameSize(1, 1), Seconds = 1, Seed = 1, Formats = [] };

    private static readonly JobRequest EveryField = RequiredFields with
    {
        Steps = 1,
        Guidance = 1,
        ImageGuidance = 1,
        NoiseScheduler = "",
        Motion = "",
        Camera = "",
        Target = "",
        MaximumBytes = 1,
        Deadline = DateTimeOffset.UnixEpoch,
        Metadata = new Dictionary<string, string>(),
        WebhookUrl = "",
        Edit = new EditRequest { Task = "" },
    };

    private static readonly JobField[] Shown = [.. JobFields.All.Where(field => field.Show(EveryField) is not null)];

    /// <summary>The values of a request's fields, by name.</summary>
    public static Dictionary<string, object?> Values(JobKind kind, JobRequest request) => Of(kind).ToDictionary(field => field.Name, field => field.Show(request));

    /// <summary>The schemas of the fields that a kind of job has, by name.</summary>
    public static IEnumerable<(string Name, JsonObject Schema)> Schemas(JobKind kind) => Of(kind).Select(field => (field.Name, SchemaOf(field)));

    private static IEnumerable<JobField> Of(JobKind kind) => Shown.Where(field => field.Kinds.Contains(kind));

    private static JsonObject SchemaOf(JobField field)
    {
        var schema = field.Show(EveryField) switch
        {
            string => Of("string"),
            bool => Of("boolean"),
            int or long => Of("integer"),
            double => Of("number"),
            IReadOnlyList<string> => new JsonObject { ["type"] = "array", ["items"] = Of("string") },
            IReadOnlyDictionary<string, string> => new JsonObject { ["type"] = "object", ["additionalProperties"] = Of("string") },
            var value => throw new InvalidOperationException($"'{field.Name}' shows a value of type {value?.GetType()}, which has no schema here."),
        };
        if (field.Show(RequiredFields) is null)
        {
            schema["type"] = new JsonArray((string)schema["type"]!, "null");
        }

        schema["description"] = field.Description;
        return schema;
    }

    private static JsonObject Of(string type) => new() { ["type"] = type };
}
