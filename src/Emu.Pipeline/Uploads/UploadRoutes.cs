using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Blob;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Orchestrations;
using Emu.Pipeline.Upkeep;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Emu.Pipeline.Uploads;

/// <summary>A container that is polled for pictures, the container of their results, and how pictures become videos or edits.</summary>
/// <param name="Uploads">The container that pictures are uploaded to.</param>
/// <param name="Outputs">The container that results are written to.</param>
/// <param name="Options">The owner of the jobs, and how missing texts are treated.</param>
public sealed record UploadRoute(IUploadContainer Uploads, IUploadContainer Outputs, UploadOptions Options);

/// <summary>How the uploads in a container become jobs.</summary>
public sealed record UploadOptions
{
    private readonly TimeSpan _pollInterval = TimeSpan.FromSeconds(1);
    private readonly TimeSpan _textWait = TimeSpan.FromSeconds(10);
    private readonly TimeSpan _unfinishedWait = TimeSpan.FromSeconds(60);
    private readonly bool _requireText;

    /// <summary>The owner of the jobs.</summary>
    public required string Owner { get; init; }

    /// <summary>What a picture becomes: a video of it (the default), or the picture edited as its text says.</summary>
    public JobKind Kind { get; init; } = JobKind.Video;

    /// <summary>The pause between two polls of the container; more than zero, 1 s by default.</summary>
    public TimeSpan PollInterval
    {
        get => _pollInterval;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            _pollInterval = value;
        }
    }

    /// <summary>Whether a picture without a text is an error instead of a job without a prompt; false by default, but always for edits.</summary>
    public bool RequireText
    {
        get => _requireText || Kind == JobKind.Edit;
        init => _requireText = value;
    }

    /// <summary>How long a picture waits for its text, from its last change; 10 s by default.</summary>
    public TimeSpan TextWait
    {
        get => _textWait;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _textWait = value;
        }
    }

    /// <summary>How long a picture in a folder that ends too early counts as still being written; 60 s by default.</summary>
    public TimeSpan UnfinishedWait
    {
        get => _unfinishedWait;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _unfinishedWait = value;
        }
    }
}

/// <summary>The places of a route, before its containers are opened.</summary>
/// <param name="Uploads">The folder, or the container in the storage, that pictures are uploaded to.</param>
/// <param name="Outputs">The folder, or the container in the storage, that results are written to.</param>
/// <param name="Options">The owner of the jobs, and how missing texts are treated.</param>
public sealed record UploadPlace(string Uploads, string Outputs, UploadOptions Options);

/// <summary>The usual names of the folders or containers that files are uploaded to, and of the one for results.</summary>
public static class UploadPlaceNames
{
    /// <summary>Pictures that become videos.</summary>
    public const string Videos = "uploads";

    /// <summary>Pictures that are edited as their texts say.</summary>
    public const string Edits = "edits";

    /// <summary>Results of both.</summary>
    public const string Outputs = "outputs";

    /// <summary>The usual name of a place whose pictures become jobs of a kind.</summary>
    public static string Of(JobKind kind) => kind == JobKind.Edit ? Edits : Videos;
}

/// <summary>Opens upload routes and adds them to a host.</summary>
public static class UploadRoutes
{
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BlobPollInterval = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Opens the containers of routes, creating those that do not exist. A file in a folder counts as uploaded once it has not
    /// changed for 2 s. Blob containers are polled every 5 s, or less often if the options say so.
    /// </summary>
    /// <param name="places">The places.</param>
    /// <param name="storage">The blob storage whose containers they are; null if they are folders.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The storage is neither a connection string nor an https address.</exception>
    /// <exception cref="ArtifactStoreException">The storage does not respond or refuses.</exception>
    /// <exception cref="IOException">A folder cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be created.</exception>
    public static async Task<IReadOnlyList<UploadRoute>> OpenAsync(IEnumerable<UploadPlace> places, string? storage, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(places);
        var routes = new List<UploadRoute>();
        foreach (var place in places)
        {
            var uploads = await OpenAsync(place.Uploads, storage, SettleTime, cancellationToken);
            var outputs = await OpenAsync(place.Outputs, storage, TimeSpan.Zero, cancellationToken);
            var options = storage is not null && place.Options.PollInterval < BlobPollInterval ? place.Options with { PollInterval = BlobPollInterval } : place.Options;
            routes.Add(new UploadRoute(uploads, outputs, options));
        }

        return routes;
    }

    /// <summary>
    /// Registers the handler of uploads, a watcher for each route, and the orchestration, activity and job end listener that write
    /// results. The host needs an <see cref="IArtifactStore"/>, the <see cref="JobService"/>, an <see cref="IImageValidator"/> and an
    /// <see cref="IOrchestrationClient"/>, whose engine starts before: add it first.
    /// </summary>
    public static IServiceCollection AddEmuUploads(this IServiceCollection services, IReadOnlyList<UploadRoute> routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        services.TryAddSingleton(TimeProvider.System);
        services
            .AddSingleton<UploadHandler>()
            .AddSingleton<IJobEndListener, UploadJobEndListener>()
            .AddOrchestration<UploadResultOrchestration>()
            .AddActivity(provider => new UploadResultActivity(provider.GetRequiredService<IArtifactStore>(), routes));
        foreach (var route in routes)
        {
            services.AddUpkeepTask(provider => new UpkeepTask("watching of uploads", ActivatorUtilities.CreateInstance<UploadWatcher>(provider, route).RunAsync));
        }

        return services;
    }

    private static async Task<IUploadContainer> OpenAsync(string place, string? storage, TimeSpan settleTime, CancellationToken cancellationToken)
    {
        if (storage is null)
        {
            return new FolderUploadContainer(place, Path.GetFullPath(place), settleTime, TimeProvider.System);
        }

        var blobs = await BlobArtifactStore.OpenAsync(storage, place, null, cancellationToken);
        return new BlobUploadContainer(blobs.Container);
    }
}
