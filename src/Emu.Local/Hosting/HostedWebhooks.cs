using Emu.Durable;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Orchestrations;
using Emu.Pipeline.Webhooks;

namespace Emu.Local.Hosting;

/// <summary>Webhooks of a host on one machine: endpoints and secrets in the data folder's private part, deliveries on the engine.</summary>
public sealed class HostedWebhooks : IDisposable
{
    private readonly FolderArtifactStore _private;
    private readonly WebhookOptions _options;
    private readonly WebhookStore _store;
    private readonly WebhookSender _sender;
    private WebhookDispatcher? _dispatcher;
    private WebhookRetention? _retention;

    private HostedWebhooks(FolderArtifactStore folder, WebhookOptions options)
    {
        _private = folder;
        _options = options;
        _store = new WebhookStore(folder, TimeProvider.System);
        _sender = new WebhookSender(options);
    }

    /// <summary>Opens the private part of a data folder, readable for its owner only.</summary>
    public static HostedWebhooks Open(DataFolder data, WebhookOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(data.Private, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new HostedWebhooks(FolderArtifactStore.OpenOwned(data.Private), options);
    }

    /// <summary>Registers deliveries with an engine that has not started, and makes what tells them of jobs' ends.</summary>
    public IJobEndListener Attach(DurableEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        engine.AddOrchestration(new WebhookOrchestration()).AddActivity(new WebhookAttemptActivity(_store, _sender, TimeProvider.System));
        _dispatcher = new WebhookDispatcher(_store, engine);
        _retention = new WebhookRetention(_store, engine, TimeProvider.System);
        return new WebhookJobEndListener(_dispatcher);
    }

    /// <summary>Adds the services that the routes need.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(_options).AddSingleton(_store).AddSingleton(_dispatcher!);
    }

    /// <summary>Removes deliveries that ended long ago, now and once a day, until cancelled.</summary>
    public async Task RunAsync(ILogger logger, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromDays(1));
        do
        {
            try
            {
                await _retention!.RemoveDueAsync(cancellationToken);
            }
            catch (ArtifactStoreException exception)
            {
                logger.LogWarning(exception, "Old webhook deliveries could not be removed; the next round goes on");
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sender.Dispose();
        _private.Dispose();
    }
}
