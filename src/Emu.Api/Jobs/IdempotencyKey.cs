using Emu.Api.Errors;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Jobs;

/// <summary>Reads <c>Idempotency-Key</c>.</summary>
public static class IdempotencyKey
{
    /// <summary>The header's name.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The key, or null.</summary>
    /// <exception cref="ApiException">400: it is not 1 to 255 visible characters, or there are two.</exception>
    public static string? Read(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var values = request.Headers[Header];
        if (values.Count == 0)
        {
            return null;
        }

        return values is [{ Length: > 0 and <= 255 } key] && key.All(character => character is > ' ' and < '\x7f')
            ? key
            : throw ApiException.InvalidValue(Header, $"'{Header}' is not one value of 1 to 255 visible ASCII characters.");
    }
}
