using System.Text.Json;
using Emu.Api.Errors;
using Microsoft.OpenApi;

namespace Emu.Api.Requests;

/// <summary>A field that is a picture: a file in a form, or in JSON a data URL, alone or as <c>{"image_url": "data:…"}</c>.</summary>
/// <param name="name">The field's name.</param>
public sealed class PictureField(string name)
{
    private const string Accepted = "Send the picture as a file in a multipart form, or as a data URL: {\"image_url\": \"data:image/png;base64,…\"}.";

    /// <summary>The field's name.</summary>
    public string Name { get; } = name;

    /// <summary>Its description.</summary>
    /// <param name="description">What it does.</param>
    /// <param name="others">What it may be besides a file and a data URL.</param>
    public RequestField Describe(string description, params IEnumerable<OpenApiSchema> others) => new(
        Name,
        description,
        new OpenApiSchema
        {
            OneOf =
            [
                DataUrl(),
                new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { ["image_url"] = DataUrl() }, Required = new HashSet<string> { "image_url" } },
                .. others,
            ],
        })
    {
        File = true,
    };

    /// <summary>The picture's bytes, not yet validated; null if none was sent.</summary>
    /// <param name="fields">The request's fields.</param>
    /// <param name="maximumBytes">The longest picture.</param>
    /// <exception cref="ApiException">400: it is sent in a way that is not accepted. 413: it is too long.</exception>
    public ReadOnlyMemory<byte>? Read(RequestFields fields, long maximumBytes) => ReadAll(fields, maximumBytes, 1) is [var picture] ? new ReadOnlyMemory<byte>?(picture) : null;

    /// <summary>The bytes of several pictures, not yet validated; none if none was sent.</summary>
    /// <param name="fields">The request's fields.</param>
    /// <param name="maximumBytes">The longest picture.</param>
    /// <param name="maximumCount">How many there may be, at least 1.</param>
    /// <exception cref="ApiException">400: they are sent in a way that is not accepted, or are too many. 413: one is too long.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> ReadAll(RequestFields fields, long maximumBytes, int maximumCount)
    {
        ArgumentNullException.ThrowIfNull(fields);
        if (fields.Files(Name) is { Count: > 0 } files)
        {
            return [.. files.Select(file => file.Content)];
        }

        if (!fields.TryGet(Name, out var value))
        {
            return [];
        }

        if (maximumCount > 1 && value.ValueKind == JsonValueKind.Array)
        {
            var items = value.EnumerateArray().ToList();
            return items.Count <= maximumCount
                ? [.. items.Select(item => FromJson(item, maximumBytes))]
                : throw ApiException.InvalidValue(Name, $"'{Name}' holds {items.Count} items: at most {maximumCount} are accepted.");
        }

        return [FromJson(value, maximumBytes)];
    }

    private static OpenApiSchema DataUrl() => new() { Type = JsonSchemaType.String, Pattern = "^data:" };

    private ReadOnlyMemory<byte> FromJson(JsonElement value, long maximumBytes) => value.ValueKind switch
    {
        JsonValueKind.String => FromDataUrl(RequestFields.TextOf(value, Name), Name, maximumBytes),
        JsonValueKind.Object => FromObject(value, maximumBytes),
        _ => throw ApiException.InvalidType(Name, "a file, a data URL, or an object with 'image_url'"),
    };

    private ReadOnlyMemory<byte> FromObject(JsonElement value, long maximumBytes)
    {
        string? url = null;
        foreach (var property in value.EnumerateObject())
        {
            switch (property.Name)
            {
                case "image_url" when property.Value.ValueKind != JsonValueKind.Null:
                    url = RequestFields.TextOf(property.Value, $"{Name}.image_url");
                    break;
                case "image_url":
                case "file_id" when property.Value.ValueKind == JsonValueKind.Null:
                    break;
                case "file_id":
                    throw ApiException.InvalidValue($"{Name}.file_id", $"'file_id' is not supported: there is no file storage here. {Accepted}", "unsupported_parameter");
                default:
                    var unknown = RequestFields.Shorten(property.Name);
                    throw ApiException.InvalidValue($"{Name}.{unknown}", $"Unknown parameter: '{Name}.{unknown}'; accepted is image_url.", "unknown_parameter");
            }
        }

        return FromDataUrl(url ?? throw ApiException.Missing($"{Name}.image_url"), $"{Name}.image_url", maximumBytes);
    }

    private static ReadOnlyMemory<byte> FromDataUrl(string url, string param, long maximumBytes)
    {
        if (!url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            throw ApiException.InvalidValue(param, $"'{RequestFields.Shorten(url)}' is not a data URL. Pictures are not fetched from web addresses. {Accepted}", "unsupported_url");
        }

        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !url.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            throw ApiException.InvalidValue(param, $"'{param}' is a data URL without ';base64,'. {Accepted}", "invalid_data_url");
        }

        var text = url.AsSpan(comma + 1);
        if (text.Length / 4 * 3 > maximumBytes)
        {
            throw new ApiException(413, "value_too_long", $"'{param}' is too long: at most {maximumBytes} bytes are accepted.", param);
        }

        var bytes = new byte[text.Length / 4 * 3 + 3];
        return Convert.TryFromBase64Chars(text, bytes, out var written) && written > 0
            ? bytes.AsMemory(0, written)
            : throw ApiException.InvalidValue(param, $"'{param}' does not hold valid base64.", "invalid_data_url");
    }
}
