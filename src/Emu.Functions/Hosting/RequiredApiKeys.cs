using Emu.Api.Authentication;
using Emu.Api.Errors;
using Microsoft.AspNetCore.Http;

namespace Emu.Functions.Hosting;

/// <summary>Keys of a server on the internet: where there is none, requests are refused instead of needing none.</summary>
/// <param name="keys">The keys.</param>
public sealed class RequiredApiKeys(IApiKeys keys) : IApiKeys
{
    /// <inheritdoc/>
    /// <exception cref="ApiException">503: there is no key.</exception>
    public async ValueTask<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken) =>
        await keys.ListAsync(cancellationToken) is { Count: > 0 } known
            ? known
            : throw new ApiException(StatusCodes.Status503ServiceUnavailable, "no_api_keys", "The server's API keys are gone: it answers nobody until there is one.");
}
