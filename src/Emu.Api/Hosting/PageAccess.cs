using Emu.Api.Authentication;
using Emu.Api.Routing;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace Emu.Api.Hosting;

/// <summary>
/// Which pages of other sites may call the API from a browser: those of <see cref="PublicAccess.CorsOrigins"/>, once there are API
/// keys. A server without keys answers no other site's page, so it allows none either.
/// </summary>
/// <param name="access">The origins.</param>
/// <param name="keys">The keys there are.</param>
internal sealed class PageAccess(PublicAccess access, IApiKeys keys) : ICorsPolicyProvider
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(1);

    private readonly CorsPolicy _policy = new CorsPolicyBuilder([.. access.CorsOrigins])
        .AllowAnyMethod()
        .AllowAnyHeader()
        .WithExposedHeaders([.. ApiHeaders.Exposed])
        .SetPreflightMaxAge(PreflightAge)
        .Build();

    /// <inheritdoc/>
    public async Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName) =>
        (await keys.ListAsync(context.RequestAborted)).Count > 0 ? _policy : null;
}
