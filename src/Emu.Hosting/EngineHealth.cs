using Emu.Durable.Abstractions.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Emu.Hosting;

/// <summary>The health check of a host's engine.</summary>
public static class EngineHealth
{
    /// <summary>Adds the check <c>engine</c>: it fails once the engine has stopped.</summary>
    public static IHealthChecksBuilder AddEngineCheck(this IHealthChecksBuilder checks)
    {
        ArgumentNullException.ThrowIfNull(checks);
        return checks.Add(new HealthCheckRegistration("engine", services => new EngineCheck(services.GetRequiredService<IDurableEngine>()), null, null));
    }

    private sealed class EngineCheck(IDurableEngine engine) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(engine.Completion.IsCompleted ? HealthCheckResult.Unhealthy("has stopped") : HealthCheckResult.Healthy());
    }
}
