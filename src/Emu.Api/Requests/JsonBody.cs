using System.Text;
using System.Text.Json;
using Emu.Api.Errors;

namespace Emu.Api.Requests;

/// <summary>Reads a JSON body strictly: one object, no comments, no trailing commas, no name twice.</summary>
internal static class JsonBody
{
    private const int MaximumDepth = 8;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaximumDepth, AllowDuplicateProperties = false };

    /// <summary>Reads a body, with or without a byte order mark; an empty one has no fields.</summary>
    public static RequestFields Parse(ReadOnlyMemory<byte> body, RequestSchema schema)
    {
        body = body.Span.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;
        if (body.Length == 0)
        {
            return RequestFields.Empty(schema);
        }

        if (JsonMistake.InEncoding(body.Span) is { } notUtf8)
        {
            throw notUtf8;
        }

        JsonElement root;
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        try
        {
            root = JsonElement.Parse(body.Span, Strict);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            throw JsonMistake.In(body.Span, new JsonReaderOptions { MaxDepth = MaximumDepth }, exception);
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            throw ApiException.InvalidBody("The JSON is not an object in braces, {…}.");
        }

        foreach (var property in root.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null || schema.Find(NameOf(property)) is null)
            {
                values.Add(NameOf(property), property.Value);
            }
        }

        return new RequestFields(schema, values, new Dictionary<string, IReadOnlyList<UploadedFile>>(), form: false);
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException exception)
        {
            throw ApiException.InvalidBody("The JSON is invalid: a name holds half of a surrogate pair.", exception);
        }
    }
}
