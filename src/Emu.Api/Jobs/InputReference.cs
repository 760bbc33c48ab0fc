using System.Text.Json;
using Emu.Api.Errors;
using Emu.Api.Limits;
using Emu.Api.Requests;
using Microsoft.OpenApi;

namespace Emu.Api.Jobs;

/// <summary>Reads <c>input_reference</c>: a file in a form, or in JSON a data URL, alone or as <c>{"image_url": "data:…"}</c>.</summary>
public static class InputReference
{
    /// <summary>The field's name.</summary>
    public const string Name = "input_reference";

    private const string Accepted = "Send the picture as a file in a multipart form, or as a data URL: {\"image_url\": \"data:image/png;base64,…\"}.";

    /// <summary>Its description.</summary>
    public static RequestField Field { get; } = new(
        Name,
        "The picture that the video begins from: a file in a multipart form, or a data URL. Web addresses and `file_id` are refused.",
        new OpenApiSchema
        {
            OneOf =
            [
                DataUrl(),
                new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { ["image_url"] = DataUrl() }, Required = new HashSet<string> { "image_url" } },
            ],
        })
    {
        File = true,
    };

    /// <summary>The picture's bytes, not yet validated; null if none was sent.</summary>
    /// <exception cref="ApiException">400: it is sent in a way that is not accepted. 413: it is too long.</exception>
    public static ReadOnlyMemory<byte>? Read(RequestFields fields, ApiLimits limits)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(limits);
        if (fields.File(Name) is { } file)
        {
            return file.Content;
        }

        if (!fields.TryGet(Name, out var value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => FromDataUrl(RequestFields.TextOf(value, Name), Name, limits),
            JsonValueKind.Object => FromObject(value, limits),
            _ => throw ApiException.InvalidType(Name, "a file, a data URL, or an object with 'image_url'"),
        };
    }

    private static OpenApiSchema DataUrl() => new() { Type = JsonSchemaType.String, Pattern = "^data:" };

    private static ReadOnlyMemory<byte> FromObject(JsonElement value, ApiLimits limits)
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
                    var name = RequestFields.Shorten(property.Name);
                    throw ApiException.InvalidValue($"{Name}.{name}", $"Unknown parameter: '{Name}.{name}'; accepted is image_url.", "unknown_parameter");
            }
        }

        return FromDataUrl(url ?? throw ApiException.Missing($"{Name}.image_url"), $"{Name}.image_url", limits);
    }

    private static ReadOnlyMemory<byte> FromDataUrl(string url, string param, ApiLimits limits)
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
        if (text.Length / 4 * 3 > limits.MaximumPictureBytes)
        {
            throw new ApiException(413, "value_too_long", $"'{param}' is too long: at most {limits.MaximumPictureBytes} bytes are accepted.", param);
        }

        var bytes = new byte[text.Length / 4 * 3 + 3];
        return Convert.TryFromBase64Chars(text, bytes, out var written) && written > 0
            ? bytes.AsMemory(0, written)
            : throw ApiException.InvalidValue(param, $"'{param}' does not hold valid base64.", "invalid_data_url");
    }
}
