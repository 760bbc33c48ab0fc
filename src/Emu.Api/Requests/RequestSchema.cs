using System.Globalization;
using Emu.Pipeline.Jobs;
using Microsoft.OpenApi;

namespace Emu.Api.Requests;

/// <summary>The fields that a request's body may have: the source of its description and of the refusal of any other field.</summary>
public sealed class RequestSchema
{
    private readonly Dictionary<string, RequestField> _byName;

    /// <summary>Creates a schema.</summary>
    /// <param name="name">Its name in the OpenAPI document, for example <c>CreateVideo</c>.</param>
    /// <param name="fields">The fields, in the order in which they are documented.</param>
    public RequestSchema(string name, params IReadOnlyList<RequestField> fields)
    {
        Name = name;
        Fields = fields;
        _byName = fields.ToDictionary(field => field.Name, StringComparer.Ordinal);
    }

    /// <summary>The body of requests that have no fields.</summary>
    public static RequestSchema Empty { get; } = new("Empty");

    /// <summary>Its name in the OpenAPI document.</summary>
    public string Name { get; }

    /// <summary>The fields.</summary>
    public IReadOnlyList<RequestField> Fields { get; }

    /// <summary>The field of that name, or null.</summary>
    public RequestField? Find(string name) => _byName.GetValueOrDefault(name);
}

/// <summary>A field that a request's body may have.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, with its unit, range and default.</param>
/// <param name="Schema">Its JSON Schema, without the description.</param>
public sealed record RequestField(string Name, string Description, OpenApiSchema Schema)
{
    /// <summary>Whether it must be given.</summary>
    public bool Required { get; init; }

    /// <summary>Whether it may be a file in a multipart body.</summary>
    public bool File { get; init; }

    /// <summary>How many files it may be in a multipart body; 1 by default.</summary>
    public int MaximumFiles { get; init; } = 1;

    /// <summary>A text.</summary>
    public static RequestField Text(string name, string description) => new(name, description, new OpenApiSchema { Type = JsonSchemaType.String });

    /// <summary>One of several words.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="words">The words; the first is the default.</param>
    public static RequestField Word(string name, string description, params IReadOnlyList<string> words) =>
        new(name, description, new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. words], Default = words[0] });

    /// <summary>A whole number.</summary>
    public static RequestField WholeNumber(string name, string description, long minimum, long maximum, long standard) =>
        new(name, description, new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = Text(minimum), Maximum = Text(maximum), Default = standard });

    /// <summary>A field of a job's request.</summary>
    public static RequestField Of(JobField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        var schema = new OpenApiSchema { Format = field.Format };
        switch (field.Type)
        {
            case JobFieldType.WholeNumber:
                schema.Type = JsonSchemaType.Integer;
                schema.Minimum = field.Minimum is { } least ? Text((long)least) : null;
                schema.Maximum = field.Maximum is { } most ? Text((long)most) : null;
                break;
            case JobFieldType.Number:
                schema.Type = field.NumberAsText ? JsonSchemaType.Number | JsonSchemaType.String : JsonSchemaType.Number;
                schema.Minimum = field.Minimum?.ToString(CultureInfo.InvariantCulture);
                schema.Maximum = field.Maximum?.ToString(CultureInfo.InvariantCulture);
                break;
            case JobFieldType.Boolean:
                schema.Type = JsonSchemaType.Boolean;
                schema.Default = false;
                break;
            case JobFieldType.TextList:
                schema.Type = JsonSchemaType.Array;
                schema.Items = new OpenApiSchema { Type = JsonSchemaType.String };
                schema.MaxItems = field.MaximumItems;
                break;
            case JobFieldType.TextMap:
                schema.Type = JsonSchemaType.Object;
                schema.AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String };
                schema.MaxProperties = field.MaximumItems;
                break;
            default:
                schema.Type = JsonSchemaType.String;
                schema.Enum = field.Words is { } words ? [.. words] : null;
                break;
        }

        return new RequestField(field.Name, field.Description, schema);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
