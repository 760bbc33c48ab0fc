using Emu.Diffusion.Sessions;
using Emu.Generation;
using Emu.Hosting;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Emu.Worker.Settings;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Emu.Worker.Hosting;

/// <summary>Composes the worker: a .NET Generic Host with the stages and an engine, and Kestrel for its health.</summary>
public static class WorkerHost
{
    /// <summary>Whether the process responds.</summary>
    public const string LivePath = "/health/live";

    /// <summary>Whether engine and storage work.</summary>
    public const string ReadyPath = "/health/ready";

    // Container platforms kill a process 30 s after SIGTERM, or later. A running stage ends at its next checkpoint, normally within a
    // step; one that has none is cancelled and given back when the grace is over. All of it takes at most 25 s.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(22);
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(24);

    /// <summary>Checks hub and storage, and builds the host. Nothing is made in a hub that is another program's or of another version.</summary>
    /// <param name="builder">The builder, with the settings.</param>
    /// <param name="options">How the worker runs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Durable.Abstractions.Engines.DurableEngineUnavailableException">The engine's service does not answer or refuses.</exception>
    /// <exception cref="Durable.Abstractions.Engines.DurableDataVersionException">The hub is another program's, or of another version.</exception>
    /// <exception cref="ArtifactStoreException">The storage does not answer or refuses.</exception>
    public static async Task<WebApplication> BuildAsync(WebApplicationBuilder builder, WorkerOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        await options.Hub.CheckAsync(cancellationToken);
        var services = builder.Services;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        var hub = options.Hub.With(options.Hub.Engine with { StopGrace = Grace, StopTimeout = StopTimeout });
        await services.AddJobsAsync(new JobHostOptions { Hub = hub, Stages = options.Stages }, stages => stages.AddEmuGeneration(options.Generation), cancellationToken);
        services.AddHealthChecks().AddEngineCheck().AddCheck<StoreCheck>("store", timeout: TimeSpan.FromSeconds(5));
        builder.WebHost.UseUrls($"http://*:{options.HealthPort}").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var app = builder.Build();
        app.MapHealthChecks(LivePath, new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks(ReadyPath);
        app.Lifetime.ApplicationStarted.Register(() => app.Logger.WorkerStarted(
            hub.TaskHub,
            string.Join(", ", hub.Engine.Activities!.Names),
            string.Join(", ", options.Generation.Models.Select(model => model.Key)),
            app.Services.GetRequiredService<SessionCache>().Device,
            app.Urls.First()));
        return app;
    }

    private sealed class StoreCheck(IArtifactStore store) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
        {
            await store.FindAsync(JobNames.InFlight + "ready", cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}

internal static partial class Logs
{
    [LoggerMessage(1, LogLevel.Information, "Working on task hub {TaskHub}: {Stages}; models: {Models}; device {Device}; health at {Address}")]
    public static partial void WorkerStarted(this ILogger logger, string taskHub, string stages, string models, DeviceChoice device, string address);
}
