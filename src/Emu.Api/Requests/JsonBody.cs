using System.Text.Json;
using Emu.Api.Errors;

namespace Emu.Api.Requests;

/// <summary>Reads a JSON body strictly: one object, no comments, no trailing commas, no name twice.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Reads a body; an empty one has no fields.</summary>
    public static RequestFields Parse(ReadOnlyMemory<byte> body, RequestSchema schema)
    {
        if (body.Length == 0)
        {
            return RequestFields.Empty(schema);
        }

        JsonElement root;
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        try
        {
            root = JsonElement.Parse(body.Span, Strict);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            throw ApiException.InvalidBody($"The body is not valid JSON: {exception.Message}", exception);
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            throw ApiException.InvalidBody("The body is not a JSON object.");
        }

        foreach (var property in root.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null || schema.Find(NameOf(property)) is null)
            {
                values.Add(NameOf(property), property.Value);
            }
        }

        return new RequestFields(schema, values, new Dictionary<string, UploadedFile>(), form: false);
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException exception)
        {
            throw ApiException.InvalidBody("The body is not valid JSON: a name is not valid Unicode text.", exception);
        }
    }
}
