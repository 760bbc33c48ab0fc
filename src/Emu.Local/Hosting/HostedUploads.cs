using Emu.Generation.Images;
using Emu.Pipeline.Artifacts.Blob;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Orchestrations;
using Emu.Pipeline.Uploads;

namespace Emu.Local.Hosting;

/// <summary>The upload containers that a host watches.</summary>
public sealed class HostedUploads
{
    private static readonly TimeSpan FolderInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BlobInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<UploadRoute> _routes;

    private HostedUploads(IReadOnlyList<UploadRoute> routes, IReadOnlyList<string> descriptions)
    {
        _routes = routes;
        Descriptions = descriptions;
    }

    /// <summary>A line for each place: what is watched, for whom, and where results land.</summary>
    public IReadOnlyList<string> Descriptions { get; }

    /// <summary>Opens the places, and makes those that are not there.</summary>
    /// <param name="settings">What to watch.</param>
    /// <param name="storage">The storage whose containers they are; null if they are folders.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<HostedUploads> OpenAsync(UploadSettings settings, string? storage, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var routes = new List<UploadRoute>();
        foreach (var place in settings.Places)
        {
            var uploads = await ContainerAsync(place.Where, storage, SettleTime, cancellationToken);
            var outputs = await ContainerAsync(place.Outputs, storage, TimeSpan.Zero, cancellationToken);
            routes.Add(new UploadRoute(uploads, outputs, new UploadOptions { Owner = place.Owner, TextWait = settings.TextWait, RequireText = settings.RequireText, PollInterval = storage is null ? FolderInterval : BlobInterval }));
        }

        return new HostedUploads(routes, [.. settings.Places.Select(place => $"watching {place.Where} for pictures of '{place.Owner}'; results land in {place.Outputs}")]);
    }

    /// <summary>Registers the delivery of results with a host that has not started, and makes what tells it of jobs' ends.</summary>
    public IJobEndListener Attach(JobHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        host.Engine.AddOrchestration(new UploadResultOrchestration()).AddActivity(new UploadResultActivity(host.Store, _routes));
        return new UploadJobEndListener(host.Engine);
    }

    /// <summary>Watches until cancelled.</summary>
    public Task RunAsync(JobHost host, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        var handler = new UploadHandler(host.Store, host.Jobs, new ImageUploadValidator(), TimeProvider.System);
        return Task.WhenAll(_routes.Select(route => new UploadWatcher(handler, route, TimeProvider.System, loggers.CreateLogger<UploadWatcher>()).RunAsync(cancellationToken)));
    }

    private static async Task<IUploadContainer> ContainerAsync(string where, string? storage, TimeSpan settleTime, CancellationToken cancellationToken)
    {
        if (storage is null)
        {
            return new FolderUploadContainer(where, Path.GetFullPath(where), settleTime, TimeProvider.System);
        }

        var store = await BlobArtifactStore.OpenAsync(storage, where, null, cancellationToken);
        return new BlobUploadContainer(store.Container);
    }
}
