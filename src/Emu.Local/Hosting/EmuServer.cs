using Emu.Api.Hosting;
using Emu.Generation.Images;
using Emu.Pipeline.Jobs;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Emu.Local.Hosting;

/// <summary>The HTTP API over a <see cref="JobHost"/>, on Kestrel.</summary>
public sealed class EmuServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EmuServer(WebApplication app) => _app = app;

    /// <summary>Where it listens, with the ports that were chosen.</summary>
    public IReadOnlyList<string> Urls => [.. _app.Urls];

    /// <summary>What the server is made of, its route table for example.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts listening.</summary>
    /// <param name="host">The jobs; started already, not owned.</param>
    /// <param name="data">The data folder with keys and secrets.</param>
    /// <param name="options">How to listen.</param>
    /// <param name="configureLogging">What is logged where.</param>
    /// <param name="configureServices">Adds route groups and what they need.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">An address is in use.</exception>
    public static async Task<EmuServer> StartAsync(
        JobHost host, DataFolder data, ServerOptions options, Action<ILoggingBuilder> configureLogging, Action<IServiceCollection>? configureServices, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configureLogging);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        configureLogging(builder.Logging.ClearProviders());
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Limits.MaximumBodyBytes;
        });
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        builder.Services.AddApiSecrets(data.Path);

        // As instances: the container disposes only what it makes.
        builder.Services.AddSingleton(host.Jobs);
        builder.Services.AddSingleton(host.Store);
        builder.Services.AddSingleton<IImageValidator, ImageUploadValidator>();
        builder.Services.AddHealthChecks().AddCheck("engine", () => host.Ended.IsCompleted ? HealthCheckResult.Unhealthy("has stopped") : HealthCheckResult.Healthy());
        builder.Services.AddEmuApi(options.Limits);
        configureServices?.Invoke(builder.Services);
        var app = builder.Build();
        try
        {
            app.MapEmuApi();
            await app.StartAsync(cancellationToken);
            return new EmuServer(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no more requests and ends the ones at work: waiting answers and event streams end at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Signals are the command line's: the web host listens to none.</summary>
    private sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
