using Emu.Durable;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;
using Emu.Pipeline.Orchestrations;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Upkeep;
using Emu.Pipeline.Versions;

namespace Emu.Local.Hosting;

/// <summary>
/// Jobs on one machine, composed: the store, the embedded engine with the orchestrations and stages, the job service, the sweep
/// and retention. <c>emu serve</c> and <c>emu work</c> are this with and without a web server; with the engine in memory and a temporary
/// folder it makes a job in process.
/// </summary>
public sealed class JobHost : IAsyncDisposable
{
    /// <summary>The group of stages that run models: one at a time, for each uses the whole device.</summary>
    public const string ModelGroup = "model";

    /// <summary>The group of stages that encode.</summary>
    public const string MediaGroup = "media";

    private static readonly TimeSpan DrainInterval = TimeSpan.FromMilliseconds(200);

    private readonly OpenedStore _opened;
    private readonly DurableEngine _engine;
    private readonly JobSweep _sweep;
    private readonly JobRetention _retention;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _upkeep = Task.CompletedTask;

    private JobHost(OpenedStore opened, JobHostOptions options, IReadOnlyList<HostedStage> stages, Func<JobHost, IReadOnlyList<IJobEndListener>>? listeners, ILoggerFactory loggers)
    {
        _opened = opened;
        _logger = loggers.CreateLogger<JobHost>();
        _engine = new DurableEngine(
            new DurableEngineOptions
            {
                DataFolder = options.EngineFolder,
                PowerLossDurability = options.PowerLossDurability,
                ActivityGroups = new Dictionary<string, int> { [ModelGroup] = 1, [MediaGroup] = options.MediaConcurrency },
            },
            loggers.CreateLogger<DurableEngine>());
        var signals = new JobSignals();
        var progress = new StoredJobProgress(Store, signals);
        Jobs = new JobService(Store, _engine, opened.Space, options.Jobs, progress: progress, signals: signals);
        var finisher = new JobFinisher(Store, listeners?.Invoke(this), options.Jobs, signals: signals);
        _engine.AddOrchestration(new VideoOrchestration()).AddOrchestration(new ImageOrchestration()).AddOrchestration(new SlicesOrchestration()).AddActivity(new FinishActivity(finisher));
        foreach (var hosted in stages)
        {
            _engine.AddActivity(new StageActivity(hosted.Stage, Store, options.Stages, logger: loggers.CreateLogger<StageActivity>(), progress: progress), hosted.Group);
        }

        var sweep = options.Sweep ?? (options.Storage is null ? new SweepOptions() : new SweepOptions { Interval = TimeSpan.FromSeconds(30) });
        _sweep = new JobSweep(Store, _engine, finisher, options.Jobs, sweep, logger: loggers.CreateLogger<JobSweep>());
        _retention = new JobRetention(Store, _engine, options.Jobs, sweep, logger: loggers.CreateLogger<JobRetention>());
    }

    /// <summary>Where artifacts lie.</summary>
    public IArtifactStore Store => _opened.Store;

    /// <summary>Starts and watches orchestrations.</summary>
    public IOrchestrationClient Orchestrations => _engine;

    /// <summary>The engine, for further orchestrations and activities before <see cref="StartAsync"/>.</summary>
    public DurableEngine Engine => _engine;

    /// <summary>The jobs.</summary>
    public JobService Jobs { get; }

    /// <summary>Ends, with its reason if it has one, when the host can no longer work: the engine failed or the store was lost.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Opens the data and composes a host; nothing runs yet.</summary>
    /// <param name="options">How jobs are run.</param>
    /// <param name="stages">What runs them.</param>
    /// <param name="loggers">Where is logged.</param>
    /// <param name="listeners">Makes whatever is told of jobs' ends.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<JobHost> OpenAsync(
        JobHostOptions options, IReadOnlyList<HostedStage> stages, ILoggerFactory loggers, Func<JobHost, IReadOnlyList<IJobEndListener>>? listeners, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(stages);
        ArgumentNullException.ThrowIfNull(loggers);
        var opened = await OpenedStore.OpenAsync(options, cancellationToken);
        try
        {
            await StoreVersion.InitializeAsync(opened.Store, cancellationToken);
            return new JobHost(opened, options, stages, listeners, loggers);
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishes what the models can do, then goes on with everything unfinished.</summary>
    public async Task StartAsync(IEnumerable<ModelCapabilities> models, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(models);
        foreach (var model in models)
        {
            await Jobs.Models.PublishAsync(model, cancellationToken);
        }

        await _engine.StartAsync(cancellationToken);
        _upkeep = Task.WhenAll(UpkeepAsync(_sweep.RunAsync), UpkeepAsync(_retention.RunAsync));
        Ended = EndAsync();
    }

    /// <summary>Waits until no job is in flight.</summary>
    /// <exception cref="InvalidOperationException">The host can no longer work.</exception>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (await HasJobsAsync(cancellationToken))
        {
            if (Ended.IsCompleted)
            {
                await Ended;
                throw new InvalidOperationException("The engine stopped with jobs unfinished.");
            }

            await Task.Delay(DrainInterval, cancellationToken);
        }
    }

    /// <summary>Stops in good order: what is at work is told to stop, and goes on after the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _upkeep.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _engine.DisposeAsync();
        await _opened.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task<bool> HasJobsAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in Store.ListAsync(JobNames.InFlight, null, cancellationToken))
        {
            return true;
        }

        return false;
    }

    private async Task EndAsync()
    {
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = _opened.Lost.Register(() => lost.TrySetException(new InvalidOperationException("Another server may take the blob container: its lease could not be renewed in time.")));
        await (await Task.WhenAny(_engine.Completion, _upkeep, lost.Task));
    }

    private async Task UpkeepAsync(Func<CancellationToken, Task> run)
    {
        try
        {
            await run(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped in good order.
        }
        catch (Exception exception)
        {
            _logger.LogCritical(exception, "The upkeep of jobs failed");
            throw;
        }
    }
}
