using Microsoft.AspNetCore.Http;

namespace Emu.Api.Authentication;

/// <summary>Who sent a request.</summary>
/// <param name="Owner">Whose jobs it sees.</param>
/// <param name="KeyId">The key it presented; null while the server has no keys.</param>
public sealed record Caller(string Owner, string? KeyId)
{
    /// <summary>The caller of a request that was let in.</summary>
    /// <exception cref="InvalidOperationException">The route lets in anybody, so there is none.</exception>
    public static Caller Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<Caller>() ?? throw new InvalidOperationException("The request was not authenticated.");
    }
}
