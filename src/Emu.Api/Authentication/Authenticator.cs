using Emu.Api.Errors;
using Emu.Api.Routing;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Authentication;

/// <summary>Who sent a request.</summary>
/// <param name="Owner">Whose jobs it sees.</param>
/// <param name="KeyId">The key it presented; null while the server has no keys.</param>
public sealed record Caller(string Owner, string? KeyId)
{
    /// <summary>The caller of an authenticated request.</summary>
    /// <exception cref="InvalidOperationException">The route needs no key, so there is none.</exception>
    public static Caller Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<Caller>() ?? throw new InvalidOperationException("The request was not authenticated.");
    }
}

/// <summary>Finds the caller of a request and decides whether it may use a route.</summary>
/// <param name="keys">The keys there are.</param>
/// <param name="links">Checks signed links.</param>
public sealed class Authenticator(IApiKeys keys, LinkSigner links)
{
    /// <summary>Finds the caller.</summary>
    /// <returns>The caller; null for a route that needs no key, and for a valid signed link.</returns>
    /// <exception cref="ApiException">401 or 403, saying why.</exception>
    public async ValueTask<Caller?> AuthenticateAsync(HttpContext context, ApiAccess access, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (access == ApiAccess.Anonymous)
        {
            return null;
        }

        if (access == ApiAccess.KeyOrSignedLink && LinkSigner.IsSigned(context.Request))
        {
            links.Check(context.Request);
            return null;
        }

        var known = await keys.ListAsync(cancellationToken);
        if (known.Count == 0)
        {
            LocalRequests.Check(context);
            return new Caller(Owner.Local, null);
        }

        var authorization = context.Request.Headers.Authorization;
        if (authorization.Count == 0)
        {
            throw Unauthorized("You did not provide an API key. Send it in the header 'Authorization: Bearer YOUR_KEY'.", null);
        }

        if (authorization.Count != 1 || authorization[0] is not { } header || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            throw Unauthorized("The Authorization header is not of the form 'Bearer YOUR_KEY'.", "invalid_api_key");
        }

        var key = ApiKeySecret.Find(known, header["Bearer ".Length..].Trim())
            ?? throw Unauthorized("Incorrect API key provided, or one that was revoked.", "invalid_api_key");
        return new Caller(key.Owner, key.Id);
    }

    private static ApiException Unauthorized(string message, string? code) =>
        new(StatusCodes.Status401Unauthorized, code ?? "missing_api_key", message);
}
