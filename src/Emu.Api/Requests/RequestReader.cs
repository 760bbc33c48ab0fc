using Emu.Api.Errors;
using Emu.Api.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Emu.Api.Requests;

/// <summary>Reads a request's body, whichever kind it is, into fields that a schema knows.</summary>
public sealed class RequestReader(ApiLimits limits)
{
    /// <summary>Reads the body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="schema">The fields that are accepted.</param>
    /// <param name="maximumBytes">The longest body.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="maximumFileBytes">The longest file in it; <see cref="ApiLimits.MaximumPictureBytes"/> if null.</param>
    /// <exception cref="ApiException">The body is too long, of another kind, cannot be read, or holds a field that is not accepted.</exception>
    public async Task<RequestFields> ReadAsync(HttpContext context, RequestSchema schema, long maximumBytes, CancellationToken cancellationToken, long? maximumFileBytes = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(schema);
        var request = context.Request;
        var isTooLong = request.ContentLength > maximumBytes;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            // Without a limit the server discards the rest of the body, for some seconds: most clients read the response only
            // when they have sent everything.
            size.MaxRequestBodySize = isTooLong ? null : maximumBytes;
        }

        if (isTooLong)
        {
            throw TooLong(maximumBytes);
        }

        if (!StringValuesAreEmptyOrIdentity(request.Headers.ContentEncoding))
        {
            throw ApiException.UnsupportedMediaType($"Content-Encoding '{RequestFields.Shorten(request.Headers.ContentEncoding.ToString())}' is not accepted: send the body as it is.");
        }

        try
        {
            return await ReadAsync(request, schema, maximumBytes, maximumFileBytes ?? limits.MaximumPictureBytes, cancellationToken);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLong(maximumBytes);
        }
        catch (BadHttpRequestException exception)
        {
            throw new ApiException(exception.StatusCode, "invalid_body", "The body ended before its end, or came too slowly.", null, exception);
        }
    }

    private static async Task<RequestFields> ReadAsync(HttpRequest request, RequestSchema schema, long maximumBytes, long maximumFileBytes, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.ContentType))
        {
            var body = await ReadAllAsync(request.Body, maximumBytes, cancellationToken);
            return body.Length == 0
                ? RequestFields.Empty(schema)
                : throw ApiException.UnsupportedMediaType("The Content-Type is missing: send application/json or multipart/form-data.");
        }

        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
            {
                throw ApiException.UnsupportedMediaType($"Charset '{RequestFields.Shorten(type.Charset.ToString())}' is not accepted: send UTF-8.");
            }

            if (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            {
                return JsonBody.Parse(await ReadAllAsync(request.Body, maximumBytes, cancellationToken), schema);
            }

            if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            {
                return await MultipartBody.ReadAsync(request.Body, type, schema, maximumFileBytes, cancellationToken);
            }
        }

        throw ApiException.UnsupportedMediaType($"Content-Type '{RequestFields.Shorten(request.ContentType)}' is not accepted: send application/json or multipart/form-data.");
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAllAsync(Stream body, long maximumBytes, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var block = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(block, cancellationToken)) > 0)
        {
            if (buffer.Length + read > maximumBytes)
            {
                throw TooLong(maximumBytes);
            }

            buffer.Write(block, 0, read);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    private static bool StringValuesAreEmptyOrIdentity(Microsoft.Extensions.Primitives.StringValues values) =>
        values.Count == 0 || (values.Count == 1 && (string.IsNullOrEmpty(values[0]) || string.Equals(values[0], "identity", StringComparison.OrdinalIgnoreCase)));

    private static ApiException TooLong(long maximumBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, "body_too_long", $"The body is too long: at most {maximumBytes} bytes are accepted.");
}
