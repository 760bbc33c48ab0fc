using System.Text.Json;
using Emu.Api.Errors;
using Emu.Api.Requests;
using Emu.Pipeline.Jobs;
using Microsoft.OpenApi;

namespace Emu.Api.Images;

/// <summary>A field of OpenAI's Images API that is accepted although it changes nothing here.</summary>
/// <param name="Field">The field, with the values that OpenAI accepts.</param>
/// <param name="Reason">Why it changes nothing: the end of the job's warning.</param>
internal sealed record IgnoredField(RequestField Field, string Reason)
{
    /// <summary>The values, as JSON, that ask for what is done anyway: they cause no warning.</summary>
    public IReadOnlyList<string> Fulfilled { get; init; } = [];
}

/// <summary>Every field of OpenAI's Images API that changes nothing here: accepted, described, and named in the job's warnings.</summary>
internal static class IgnoredFields
{
    /// <summary>The fields of generations and edits, in the order in which they are described.</summary>
    private static readonly IgnoredField[] Both =
    [
        new(RequestField.Word("quality", "Ignored: there is one quality.", "auto", "standard", "low", "medium", "high", "hd"), "there is one quality") { Fulfilled = ["\"auto\"", "\"standard\""] },
        new(RequestField.Word("moderation", "Ignored: there is no moderation.", "auto", "low"), "there is no moderation") { Fulfilled = ["\"auto\""] },
        new(RequestField.WholeNumber("output_compression", "Ignored: files have the quality of their format.", 0, 100, 100), "files have the quality of their format"),
        new(RequestField.WholeNumber("partial_images", "Only 0: images are not sent in parts.", 0, 0, 0), "images are not sent in parts") { Fulfilled = ["0"] },
        new(new RequestField("stream", "Only false: images are not sent in parts.", new OpenApiSchema { Type = JsonSchemaType.Boolean, Enum = [false], Default = false }), "images are not sent in parts") { Fulfilled = ["false"] },
        new(RequestField.Text("user", "Ignored: jobs belong to the key's owner."), "jobs belong to the key's owner"),
    ];

    /// <summary>The fields of generations.</summary>
    public static IReadOnlyList<IgnoredField> Generations { get; } =
    [
        .. Both,
        new(RequestField.Word("style", "Ignored: the style is the model's.", "vivid", "natural"), "the style is the model's"),
    ];

    /// <summary>The fields of edits.</summary>
    public static IReadOnlyList<IgnoredField> Edits { get; } =
    [
        .. Both,
        new(RequestField.Word("background", "Ignored: say in the prompt what the background shall be.", "auto", "opaque", "transparent"), "say in the prompt what the background shall be") { Fulfilled = ["\"auto\"", "\"opaque\""] },
        new(RequestField.Word("input_fidelity", "Ignored: what the prompt is not about stays as it is, bit for bit.", "high", "low"), "what the prompt is not about stays as it is") { Fulfilled = ["\"high\""] },
    ];

    /// <summary>Checks the fields that a request has, and adds a warning for each that changes nothing.</summary>
    /// <exception cref="ApiException">A value is not one that OpenAI accepts, or asks for what cannot be done.</exception>
    public static JobDraft Check(IReadOnlyList<IgnoredField> ignoredFields, JobDraft draft, RequestFields fields) =>
        ignoredFields.Aggregate(draft, (checkedDraft, ignored) => Value(ignored.Field, fields) is { } value && !ignored.Fulfilled.Contains(value)
            ? checkedDraft.Warn($"'{ignored.Field.Name}' is ignored: {ignored.Reason}.")
            : checkedDraft);

    // A field's value as JSON, or null if it was not sent.
    private static string? Value(RequestField field, RequestFields fields)
    {
        var (name, schema) = (field.Name, field.Schema);
        return schema.Type switch
        {
            JsonSchemaType.Integer => fields.WholeNumber(name, Bound(schema.Minimum), Bound(schema.Maximum)) is { } number ? JsonSerializer.Serialize(number) : null,
            JsonSchemaType.Boolean => fields.Boolean(name) is not { } value ? null
                : schema.Enum!.Any(accepted => accepted!.GetValue<bool>() == value) ? JsonSerializer.Serialize(value)
                : throw ApiException.InvalidValue(name, $"Invalid value {JsonSerializer.Serialize(value)} for '{name}': {field.Description}"),
            _ => (schema.Enum is { } words ? fields.Word(name, [.. words.Select(word => word!.GetValue<string>())]) : fields.Text(name)) is { } text ? JsonSerializer.Serialize(text) : null,
        };
    }

    private static long Bound(string? text) => long.Parse(text!, System.Globalization.CultureInfo.InvariantCulture);
}
