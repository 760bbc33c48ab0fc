using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Emu.Durable;

/// <summary>Adds the embedded engine to a host.</summary>
public static class EmbeddedEngineServices
{
    /// <summary>
    /// Registers the engine, as itself and as the <see cref="IOrchestrationClient"/>. It starts and stops with the host, and runs
    /// the orchestrations and activities registered by means of <see cref="DurableServices"/>. If the engine ends by itself, the
    /// host stops; if it ended because of an error, the host's <c>StopAsync</c>, and with it <c>RunAsync</c>, throws that error.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IServiceCollection AddEmbeddedEngine(this IServiceCollection services, DurableEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return services
            .AddSingleton(provider => new DurableEngine(options, provider.GetRequiredService<ILogger<DurableEngine>>()))
            .AddSingleton<IOrchestrationClient>(provider => provider.GetRequiredService<DurableEngine>())
            .AddSingleton<IDurableEngine>(provider => provider.GetRequiredService<DurableEngine>())
            .AddHostedService<EmbeddedEngineService>();
    }
}

/// <summary>Runs the engine in a host.</summary>
internal sealed class EmbeddedEngineService(DurableEngine engine, IServiceProvider services, IHostApplicationLifetime lifetime, ILogger<EmbeddedEngineService> logger)
    : IHostedService, IDisposable
{
    private volatile bool _isStopping;

    /// <summary>Registers the orchestrations and activities, and starts the engine.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Resolved here, not injected: activities may depend on the engine as their client.
        engine.RegisterAll(services);
        await engine.StartAsync(cancellationToken);
        _ = StopHostWhenEngineEndsAsync();
    }

    /// <summary>Stops the engine.</summary>
    /// <exception cref="Exception">The error because of which the engine ended before.</exception>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        await engine.StopAsync(cancellationToken);
        if (engine.Completion.IsFaulted)
        {
            await engine.Completion;
        }
    }

    /// <summary>The container is disposed, and the engine with it: a host whose start failed does not stop its services first.</summary>
    public void Dispose() => _isStopping = true;

    private async Task StopHostWhenEngineEndsAsync()
    {
        await engine.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_isStopping)
        {
            logger.EngineEnded(engine.Completion.Exception?.InnerException);
            lifetime.StopApplication();
        }
    }
}
