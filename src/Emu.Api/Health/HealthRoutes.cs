using System.ComponentModel;
using Emu.Api.OpenApi;
using Emu.Api.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Emu.Api.Health;

/// <summary><c>/health/live</c>: the process responds. <c>/health/ready</c>: every registered health check passes.</summary>
/// <param name="health">Runs the registered checks.</param>
public sealed class HealthRoutes(HealthCheckService health) : IRouteGroup
{
    /// <inheritdoc/>
    public IEnumerable<ApiRoute> Routes =>
    [
        new("health.live", "GET", "/health/live", LiveAsync, new("Health", "Whether the process responds", new ApiResponse(200, "It does.", typeof(HealthResource))))
        {
            Access = ApiAccess.Anonymous,
        },
        new("health.ready", "GET", "/health/ready", ReadyAsync, new("Health", "Whether the server can do its work", new ApiResponse(200, "It can.", typeof(HealthResource)), new ApiResponse(503, "It cannot: the checks say why.", typeof(HealthResource))))
        {
            Access = ApiAccess.Anonymous,
        },
    ];

    private static Task<IResult> LiveAsync(HttpContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Results.Json(new HealthResource("ok", new Dictionary<string, string>()), ApiJson.Options));

    private async Task<IResult> ReadyAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(cancellationToken);
        var isReady = report.Status != HealthStatus.Unhealthy;
        var resource = new HealthResource(isReady ? "ok" : "unavailable", report.Entries.ToDictionary(entry => entry.Key, entry => Describe(entry.Value)));
        return Results.Json(resource, ApiJson.Options, statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    // The text of an exception may hold paths and addresses: the log has it, the response does not.
    private static string Describe(HealthReportEntry entry) => entry switch
    {
        { Status: HealthStatus.Healthy } => "ok",
        { Exception: OperationCanceledException } => $"no response within {ApiHealthChecks.Timeout.TotalSeconds:0} seconds",
        { Exception: not null } => "failed",
        _ => entry.Description ?? "failed",
    };
}

/// <summary>The health of a server.</summary>
/// <param name="Status"><c>ok</c>, or <c>unavailable</c>.</param>
/// <param name="Checks">The checks by name: <c>ok</c>, or what is wrong.</param>
public sealed record HealthResource(
    [property: Description("`ok` or `unavailable`.")] string Status,
    [property: Description("The checks by name: `ok`, or what is wrong.")] IReadOnlyDictionary<string, string> Checks);
