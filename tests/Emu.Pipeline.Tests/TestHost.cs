using Emu.Durable;
using Emu.Durable.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Emu.Pipeline.Tests;

/// <summary>A Generic Host with the embedded engine.</summary>
internal static class TestHost
{
    /// <summary>A host that logs nothing; the engine starts first.</summary>
    /// <param name="engineFolder">The engine's data folder; null for a host without an engine.</param>
    /// <param name="configure">Registers the services under test.</param>
    public static IHost Create(string? engineFolder, Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        if (engineFolder is not null)
        {
            builder.Services
                .AddSingleton(provider => new DurableEngine(new DurableEngineOptions { DataFolder = engineFolder }, provider.GetRequiredService<ILogger<DurableEngine>>()))
                .AddSingleton<IOrchestrationClient>(provider => provider.GetRequiredService<DurableEngine>())
                .AddHostedService<EngineService>();
        }

        configure(builder.Services);
        return builder.Build();
    }

    /// <summary>Waits until a condition holds, for a minute at most.</summary>
    public static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromMinutes(1));
        while (!await condition())
        {
            await Task.Delay(10, timeout.Token);
        }
    }

    private sealed class EngineService(DurableEngine engine, IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            foreach (var orchestration in services.GetServices<IOrchestration>())
            {
                engine.AddOrchestration(orchestration);
            }

            foreach (var registration in services.GetServices<ActivityRegistration>())
            {
                engine.AddActivity(registration.Activity, registration.Group);
            }

            return engine.StartAsync(cancellationToken);
        }

        public async Task StopAsync(CancellationToken cancellationToken) => await engine.DisposeAsync();
    }
}
