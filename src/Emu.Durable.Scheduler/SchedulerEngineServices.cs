using Emu.Durable.Abstractions.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Scheduler;

/// <summary>Adds the engine on the Durable Task Scheduler to a host.</summary>
public static class SchedulerEngineServices
{
    /// <summary>Registers the engine; see <see cref="HostedEngineServices.AddHostedEngine"/>.</summary>
    public static IServiceCollection AddSchedulerEngine(this IServiceCollection services, SchedulerEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddHostedEngine(provider => new SchedulerEngine(options, provider.GetRequiredService<ILoggerFactory>()));
    }
}
