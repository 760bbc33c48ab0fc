using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Emu.Durable.Abstractions.Engines;

/// <summary>An engine that a host gives its orchestrations and activities to, and starts and stops.</summary>
public interface IHostedEngine : IDurableEngine, IOrchestrationClient, IAsyncDisposable
{
    /// <summary>Registers an orchestration.</summary>
    /// <param name="orchestration">The orchestration.</param>
    /// <param name="isCurrent">Whether new instances get it, or only those that started with it have it.</param>
    void Register(IOrchestration orchestration, bool isCurrent);

    /// <summary>Registers an activity in a group.</summary>
    void Register(IActivity activity, string group);

    /// <summary>Begins to work.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Ends the work.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}

/// <summary>Adds an engine to a host.</summary>
public static class HostedEngineServices
{
    /// <summary>
    /// Registers the engine, as itself, as the <see cref="IOrchestrationClient"/> and as the <see cref="IDurableEngine"/>. It starts
    /// and stops with the host, and runs the orchestrations and activities registered by means of <see cref="DurableServices"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="create">Makes the engine; called once.</param>
    public static IServiceCollection AddHostedEngine<TEngine>(this IServiceCollection services, Func<IServiceProvider, TEngine> create)
        where TEngine : class, IHostedEngine => services
            .AddSingleton(create)
            .AddSingleton<IOrchestrationClient>(provider => provider.GetRequiredService<TEngine>())
            .AddSingleton<IDurableEngine>(provider => provider.GetRequiredService<TEngine>())
            .AddHostedService<HostedEngineService<TEngine>>();

    /// <summary>Gives an engine what the services hold.</summary>
    public static void RegisterAll(this IHostedEngine engine, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(engine);
        foreach (var orchestration in services.GetServices<IOrchestration>())
        {
            engine.Register(orchestration, isCurrent: true);
        }

        foreach (var earlier in services.GetServices<EarlierOrchestrationVersion>())
        {
            engine.Register(earlier.Orchestration, isCurrent: false);
        }

        foreach (var registration in services.GetServices<ActivityRegistration>())
        {
            engine.Register(registration.Activity, registration.Group);
        }
    }

    private sealed class HostedEngineService<TEngine>(TEngine engine, IServiceProvider services) : IHostedService
        where TEngine : IHostedEngine
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            // Resolved here, not injected: activities may depend on the engine as their client.
            engine.RegisterAll(services);
            return engine.StartAsync(cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => engine.StopAsync(cancellationToken);
    }
}
