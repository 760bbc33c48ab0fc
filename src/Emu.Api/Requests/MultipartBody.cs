using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Emu.Api.Errors;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Emu.Api.Requests;

/// <summary>Reads a multipart form strictly: every part named, bounded, and there to its end.</summary>
internal static class MultipartBody
{
    private const int MaximumParts = 128;
    private const int MaximumTextBytes = 64 * 1024;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a form.</summary>
    public static async Task<RequestFields> ReadAsync(Stream body, MediaTypeHeaderValue type, RequestSchema schema, long maximumFileBytes, CancellationToken cancellationToken)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 70)
        {
            throw ApiException.InvalidBody("The multipart body has no boundary of 1 to 70 characters in its Content-Type.");
        }

        var reader = new MultipartReader(boundary, body) { HeadersCountLimit = 16, HeadersLengthLimit = 8 * 1024, BodyLengthLimit = null };
        var fields = new FormFields();
        var files = new Dictionary<string, List<UploadedFile>>(StringComparer.Ordinal);
        try
        {
            for (var count = 0; await reader.ReadNextSectionAsync(cancellationToken) is { } section; count++)
            {
                if (count == MaximumParts)
                {
                    throw ApiException.InvalidBody($"The multipart body has more than {MaximumParts} parts.");
                }

                await ReadPartAsync(section, schema, fields, files, maximumFileBytes, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException and not (BadHttpRequestException or ConnectionResetException) or InvalidDataException)
        {
            throw ApiException.InvalidBody("The multipart body is damaged, or ended before its last boundary.", exception);
        }

        return new RequestFields(schema, fields.ToValues(), files.ToDictionary(pair => pair.Key, IReadOnlyList<UploadedFile> (pair) => pair.Value, StringComparer.Ordinal), form: true);
    }

    private static async Task ReadPartAsync(
        MultipartSection section, RequestSchema schema, FormFields fields, Dictionary<string, List<UploadedFile>> files, long maximumFileBytes, CancellationToken cancellationToken)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
            || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(disposition.Name).Value is not { Length: > 0 and <= 256 } name)
        {
            throw ApiException.InvalidBody("A part of the multipart body has no name in its Content-Disposition.");
        }

        var isFile = disposition.FileName.HasValue || disposition.FileNameStar.HasValue;
        var content = await ReadPartAsync(section.Body, name, isFile ? maximumFileBytes : MaximumTextBytes, cancellationToken);
        if (isFile)
        {
            AddFile(schema, fields, files, name, new UploadedFile(content, section.ContentType));
            return;
        }

        if (files.ContainsKey(name))
        {
            throw ApiException.InvalidValue(RequestFields.Shorten(name), $"'{RequestFields.Shorten(name)}' is given more than once.", "duplicate_parameter");
        }

        try
        {
            var isMarked = content.Span.StartsWith(Encoding.UTF8.Preamble);
            fields.Add(name, StrictUtf8.GetString(content.Span[(isMarked ? Encoding.UTF8.Preamble.Length : 0)..]));
        }
        catch (DecoderFallbackException exception)
        {
            throw new ApiException(400, "invalid_value", $"'{RequestFields.Shorten(name)}' is not valid UTF-8 text.", RequestFields.Shorten(name), exception);
        }
    }

    // A list of files comes as the official clients write lists: "image[]" again and again.
    private static void AddFile(RequestSchema schema, FormFields fields, Dictionary<string, List<UploadedFile>> files, string name, UploadedFile file)
    {
        var most = schema.Find(name)?.MaximumFiles ?? 1;
        if (name.EndsWith("[]", StringComparison.Ordinal) && schema.Find(name[..^2]) is { MaximumFiles: > 1 } field)
        {
            (name, most) = (field.Name, field.MaximumFiles);
        }

        if (!files.TryGetValue(name, out var given))
        {
            files.Add(name, given = []);
        }

        given.Add(file);
        if (given.Count > most || fields.Contains(name))
        {
            throw most > 1
                ? ApiException.InvalidValue(name, $"'{name}' is given more than {most} times.", "duplicate_parameter")
                : ApiException.InvalidValue(RequestFields.Shorten(name), $"'{RequestFields.Shorten(name)}' is given more than once.", "duplicate_parameter");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadPartAsync(Stream part, string name, long maximumBytes, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var block = new byte[16 * 1024];
        int read;
        while ((read = await part.ReadAsync(block, cancellationToken)) > 0)
        {
            if (buffer.Length + read > maximumBytes)
            {
                throw new ApiException(413, "value_too_long", $"'{RequestFields.Shorten(name)}' is too long: at most {maximumBytes} bytes are accepted.", RequestFields.Shorten(name));
            }

            buffer.Write(block, 0, read);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}

/// <summary>Collects a form's texts under the names that the official clients give them: <c>prompt</c>, <c>formats[]</c>, <c>metadata[key]</c>.</summary>
internal sealed class FormFields
{
    private readonly Dictionary<string, JsonNode> _nodes = new(StringComparer.Ordinal);

    /// <summary>Whether a field of that name was added.</summary>
    public bool Contains(string name) => _nodes.ContainsKey(name);

    /// <summary>Adds a text.</summary>
    public void Add(string name, string value)
    {
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        if (bracket <= 0 || !name.EndsWith(']'))
        {
            AddPlain(name, value);
            return;
        }

        var field = name[..bracket];
        var key = name[(bracket + 1)..^1];
        if (key.Length == 0)
        {
            GetOrAdd(field, name, () => new JsonArray()).Add((JsonNode)value);
        }
        else if (!GetOrAdd(field, name, () => new JsonObject()).TryAdd(key, (JsonNode)value))
        {
            throw Conflict(name);
        }
    }

    /// <summary>What was collected.</summary>
    public Dictionary<string, JsonElement> ToValues() =>
        _nodes.ToDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value), StringComparer.Ordinal);

    private void AddPlain(string name, string value)
    {
        // A name that comes again makes a list; a field that is no list then refuses it by its type.
        if (!_nodes.TryGetValue(name, out var existing))
        {
            _nodes.Add(name, (JsonNode)value);
        }
        else if (existing is JsonArray list)
        {
            list.Add((JsonNode)value);
        }
        else if (existing is JsonValue)
        {
            _nodes[name] = new JsonArray(existing, value);
        }
        else
        {
            throw Conflict(name);
        }
    }

    private T GetOrAdd<T>(string field, string name, Func<T> create)
        where T : JsonNode
    {
        if (!_nodes.TryGetValue(field, out var node))
        {
            _nodes.Add(field, node = create());
        }

        return node as T ?? throw Conflict(name);
    }

    private static ApiException Conflict(string name) =>
        ApiException.InvalidValue(RequestFields.Shorten(name), $"'{RequestFields.Shorten(name)}' is given more than once.", "duplicate_parameter");
}

/// <summary>A file from a request's body.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ContentType">What the client says it is; not to be trusted.</param>
public sealed record UploadedFile(ReadOnlyMemory<byte> Content, string? ContentType);
