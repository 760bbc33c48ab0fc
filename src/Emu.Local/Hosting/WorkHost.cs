using Emu.Diffusion.Sessions;
using Emu.Generation.Models;
using Emu.Pipeline.Finishing;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Local.Hosting;

/// <summary>Everything that works on one machine: models, jobs, webhooks and uploads. <c>emu work</c> is this; <c>emu serve</c> puts the API over it.</summary>
internal sealed class WorkHost : IAsyncDisposable
{
    private readonly SessionCache _sessions;
    private readonly HostedUploads _uploads;
    private readonly ILoggerFactory _loggers;
    private readonly CancellationTokenSource _stopping = new();
    private Task _background = Task.CompletedTask;

    private WorkHost(WorkHostOptions options, SessionCache sessions, ModelLibrary models, HostedWebhooks webhooks, HostedUploads uploads, JobHost jobs, ILoggerFactory loggers)
    {
        Options = options;
        _sessions = sessions;
        Models = models;
        Webhooks = webhooks;
        _uploads = uploads;
        Jobs = jobs;
        _loggers = loggers;
    }

    /// <summary>How it was opened.</summary>
    public WorkHostOptions Options { get; }

    /// <summary>The jobs.</summary>
    public JobHost Jobs { get; }

    /// <summary>The model packages.</summary>
    public ModelLibrary Models { get; }

    /// <summary>The webhooks.</summary>
    public HostedWebhooks Webhooks { get; }

    /// <summary>A line for each place that is watched.</summary>
    public IReadOnlyList<string> Watched => _uploads.Descriptions;

    /// <summary>Opens the data and everything that works on it; nothing runs yet.</summary>
    public static async Task<WorkHost> OpenAsync(WorkHostOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var hostOptions = JobHostOptions.On(options.Data) with
        {
            Storage = options.Storage,
            Jobs = new JobServiceOptions { AllowPrivateWebhooks = options.Webhooks.AllowPrivate, KeepIntermediate = options.KeepIntermediate },
            Stages = options.TimeBudget is { } budget ? new StageOptions { TimeBudget = budget } : new StageOptions(),
        };
        var sessions = new SessionCache(new SessionCacheOptions { Device = options.Device, Precision = options.Precision });
        HostedWebhooks? webhooks = null;
        try
        {
            var models = new ModelLibrary(sessions, [.. options.ModelFolders.Select(folder => KeyValuePair.Create(ModelName.Of(folder), folder))]);
            var uploads = await HostedUploads.OpenAsync(options.Uploads, options.Storage, cancellationToken);
            var opened = webhooks = HostedWebhooks.Open(options.Data, options.Webhooks);
            IReadOnlyList<IJobEndListener> Attach(JobHost host) => [opened.Attach(host.Engine), uploads.Attach(host)];
            var jobs = await JobHost.OpenAsync(hostOptions, GenerationStages.Create(models), loggers, Attach, cancellationToken);
            return new WorkHost(options, sessions, models, webhooks, uploads, jobs, loggers);
        }
        catch
        {
            webhooks?.Dispose();
            sessions.Dispose();
            throw;
        }
    }

    /// <summary>Publishes the models, goes on with what is unfinished, and watches for uploads.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Jobs.StartAsync(GenerationStages.Describe(Models), cancellationToken);
        _background = Task.WhenAll(Webhooks.RunAsync(_loggers.CreateLogger<HostedWebhooks>(), _stopping.Token), _uploads.RunAsync(Jobs, _loggers, _stopping.Token));
    }

    /// <summary>Waits until cancelled.</summary>
    /// <exception cref="InvalidOperationException">The host can no longer work.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var cancelled = Task.Delay(Timeout.Infinite, cancellationToken);
        var ended = await Task.WhenAny(Jobs.Ended, _background, cancelled);
        if (ended != cancelled)
        {
            await ended;
            throw new InvalidOperationException("The engine stopped.");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _background.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Jobs.DisposeAsync();
        Webhooks.Dispose();
        _sessions.Dispose();
        _stopping.Dispose();
    }
}
