using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Emu.Api.Health;

/// <summary>The health checks of <c>/health/ready</c>. Hosts add theirs with <c>AddHealthChecks()</c>.</summary>
internal static class ApiHealthChecks
{
    /// <summary>The time that a check may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Adds the checks <c>models</c> and <c>store</c>, and gives every check, the host's too, the timeout.</summary>
    public static IServiceCollection AddApiHealthChecks(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<ModelsCheck>("models").AddCheck<StoreCheck>("store");
        return services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var registration in options.Registrations)
            {
                registration.Timeout = Timeout;
            }
        });
    }

    private sealed class ModelsCheck(JobService jobs) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
            (await jobs.Models.ListAsync(cancellationToken)).Count > 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("none is published");
    }

    // A store that takes no new job is not ready, even if it can be read.
    private sealed class StoreCheck(IArtifactStore store, JobService jobs) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
        {
            await store.FindAsync(JobNames.InFlight + "ready", cancellationToken);
            return jobs.Reserve.Shortage() is { } shortage ? HealthCheckResult.Unhealthy(shortage.Message) : HealthCheckResult.Healthy();
        }
    }
}
