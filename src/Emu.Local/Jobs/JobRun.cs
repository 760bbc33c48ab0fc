using System.Diagnostics;
using Emu.Diffusion.Sessions;
using Emu.Generation.Models;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;
using Emu.Local.Progress;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Local.Jobs;

/// <summary>Runs one job through the pipeline in this process and brings what it made to where the user wants it.</summary>
internal static class JobRun
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Makes what was ordered.</summary>
    /// <param name="order">The order.</param>
    /// <param name="view">Shows how far it is.</param>
    /// <param name="cancellationToken">Stops the work within a step; no file of the user's is touched.</param>
    public static async Task<JobResult> RunAsync(GenerationOrder order, IJobView view, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        RequireFfmpeg(order.Kind);
        using var folder = new TemporaryJobFolder();
        using var sessions = new SessionCache(new SessionCacheOptions { Device = order.Device, Precision = order.Precision });

        // What cannot be had is said now, not after minutes of denoising.
        var device = sessions.Device.ToString();
        var name = ModelName.Of(order.Model);
        var models = new ModelLibrary(sessions, [new(name, order.Model)]);
        var model = models.Get(name).Description;
        var warnings = OrderWarnings.Find(order, models.Get(name).Package).ToList();
        warnings.ForEach(view.Warn);
        var preload = ModelPreload.Start(models.Get(name), order.Kind == JobKind.Video, order.Picture is not null, cancellationToken);
        await using var preloading = preload;
        var picture = order.Picture is { } path ? await InputPictureFile.ReadAsync(path, cancellationToken) : null;
        var host = await JobHost.OpenAsync(OptionsIn(folder.Path), GenerationStages.Create(models), NullLoggerFactory.Instance, null, cancellationToken);
        await using (host)
        {
            await host.StartAsync(GenerationStages.Describe(models), cancellationToken);
            var created = await host.Jobs.CreateAsync(Owner.Local, order.ToDraft(name), picture, null, cancellationToken);
            var setUp = watch.Elapsed;
            var job = await FollowAsync(host.Jobs, created.Job.Record.Id, new ProgressReports(view, model.Ticks), cancellationToken);
            var outputs = await OutputFiles.WriteAsync(host.Jobs, job, order, cancellationToken);
            if (order.Keep is { } keep)
            {
                await KeptArtifacts.CopyAsync(host.Store, job, keep, cancellationToken);
            }

            var seconds = await StageSeconds.ReadAsync(host.Store, job, setUp, cancellationToken);
            seconds["total"] = Math.Round(watch.Elapsed.TotalSeconds, 3);
            var precision = sessions.ComputesInt8(models.Get(name).Package) ? "int8" : "full";
            return new(outputs, order.Prompt, order.Seed, $"{model.Name} {model.Version}".TrimEnd(), device, precision, seconds, warnings, order.Keep);
        }
    }

    private static void RequireFfmpeg(JobKind kind)
    {
        if (kind == JobKind.Video)
        {
            FfmpegInstallation.Locate(new FfmpegOptions());
        }
    }

    private static JobHostOptions OptionsIn(string folder) => new()
    {
        StoreFolder = folder,
        Stages = new StageOptions { ProgressInterval = TimeSpan.FromMilliseconds(80) },

        // What stages leave for each other stays until the folder goes: its times are told, and --keep copies it.
        Jobs = new JobServiceOptions { KeepIntermediate = true },
    };

    private static async Task<JobRecord> FollowAsync(JobService jobs, string id, ProgressReports reports, CancellationToken cancellationToken)
    {
        await foreach (var job in jobs.WatchAsync(Owner.Local, id, null, LookInterval, cancellationToken))
        {
            if (job.Progress is { } progress)
            {
                reports.Add(progress);
            }

            if (job.Record.HasEnded)
            {
                if (job.Record.Error is { } error)
                {
                    throw new CommandFailedException(error.Message);
                }

                reports.Complete();
                return job.Record;
            }
        }

        throw new CommandFailedException($"The job {id} vanished while it ran.");
    }
}
