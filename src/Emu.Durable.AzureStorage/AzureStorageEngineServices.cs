using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.AzureStorage;

/// <summary>Adds the engine on Azure Storage to a host.</summary>
public static class AzureStorageEngineServices
{
    /// <summary>
    /// Registers the engine, as itself, as the <see cref="IOrchestrationClient"/> and as the <see cref="IDurableEngine"/>. It starts
    /// and stops with the host, and runs the orchestrations and activities registered by means of <see cref="DurableServices"/>.
    /// </summary>
    public static IServiceCollection AddAzureStorageEngine(this IServiceCollection services, AzureStorageEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services
            .AddSingleton(provider => new AzureStorageEngine(options, provider.GetRequiredService<ILoggerFactory>()))
            .AddSingleton<IOrchestrationClient>(provider => provider.GetRequiredService<AzureStorageEngine>())
            .AddSingleton<IDurableEngine>(provider => provider.GetRequiredService<AzureStorageEngine>())
            .AddHostedService<AzureStorageEngineService>();
    }
}

/// <summary>Runs the engine in a host.</summary>
internal sealed class AzureStorageEngineService(AzureStorageEngine engine, IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Resolved here, not injected: activities may depend on the engine as their client.
        foreach (var orchestration in services.GetServices<IOrchestration>())
        {
            engine.AddOrchestration(orchestration);
        }

        foreach (var earlier in services.GetServices<EarlierOrchestrationVersion>())
        {
            engine.AddEarlierVersion(earlier.Orchestration);
        }

        foreach (var registration in services.GetServices<ActivityRegistration>())
        {
            engine.AddActivity(registration.Activity, registration.Group);
        }

        return engine.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => engine.StopAsync(cancellationToken);
}
