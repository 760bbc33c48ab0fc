using Emu.Api.OpenApi;
using Emu.Api.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Emu.Api.Health;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work.</summary>
public sealed class HealthRoutes(IEnumerable<IReadinessCheck> checks, ILogger<HealthRoutes> logger) : IRouteGroup
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public IEnumerable<ApiRoute> Routes =>
    [
        new("health.live", "GET", "/health/live", LiveAsync, new("Health", "Whether the process answers", new ApiAnswer(200, "It does.", typeof(HealthResource))))
        {
            Access = ApiAccess.Anonymous,
        },
        new("health.ready", "GET", "/health/ready", ReadyAsync, new("Health", "Whether the server can do its work", new ApiAnswer(200, "It can.", typeof(HealthResource)), new ApiAnswer(503, "It cannot: the checks say why.", typeof(HealthResource))))
        {
            Access = ApiAccess.Anonymous,
        },
    ];

    private static Task<IResult> LiveAsync(HttpContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Results.Json(new HealthResource("ok", new Dictionary<string, string>()), ApiJson.Options));

    private async Task<IResult> ReadyAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var results = await Task.WhenAll(checks.Select(check => CheckAsync(check, cancellationToken)));
        var ready = results.All(result => result.Problem is null);
        var resource = new HealthResource(ready ? "ok" : "unavailable", results.ToDictionary(result => result.Name, result => result.Problem ?? "ok"));
        return Results.Json(resource, ApiJson.Options, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private async Task<(string Name, string? Problem)> CheckAsync(IReadinessCheck check, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            return (check.Name, await check.CheckAsync(timeout.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (check.Name, $"no answer within {Patience.TotalSeconds:0} seconds");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What failed may hold paths and addresses: the log gets them, the answer does not.
            logger.LogError(exception, "The readiness check '{Check}' failed", check.Name);
            return (check.Name, "failed");
        }
    }
}
