using System.Diagnostics;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;
using Emu.Local.Models;
using Emu.Local.Progress;
using Emu.Pipeline.Jobs;

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
        using var folder = new TemporaryJobFolder();
        var name = ModelName.Of(order.Model);
        var pipeline = await LocalPipeline.StartAsync(folder.Path, [new(name, order.Model)], order.Device, cancellationToken).ConfigureAwait(false);
        await using (pipeline.ConfigureAwait(false))
        {
            var model = pipeline.Models.Get(name);
            var warnings = OrderWarnings.Find(order, model.Package).ToList();
            warnings.ForEach(view.Warn);
            var draft = order.ToDraft(name);
            var picture = order.Picture is { } path ? await InputPictureFile.ReadAsync(path, cancellationToken).ConfigureAwait(false) : null;
            var created = await pipeline.Jobs.CreateAsync(Owner.Local, draft, picture, null, cancellationToken).ConfigureAwait(false);
            var setUp = watch.Elapsed;
            var job = await FollowAsync(pipeline, created.Job.Record.Id, model.Description.Ticks, view, cancellationToken).ConfigureAwait(false);
            var outputs = await OutputFiles.WriteAsync(pipeline, job, order, cancellationToken).ConfigureAwait(false);
            if (order.Keep is { } keep)
            {
                await KeptArtifacts.CopyAsync(pipeline.Store, job, keep, cancellationToken).ConfigureAwait(false);
            }

            var seconds = await StageSeconds.ReadAsync(pipeline.Store, job, setUp, cancellationToken).ConfigureAwait(false);
            seconds["total"] = Math.Round(watch.Elapsed.TotalSeconds, 3);
            return new(outputs, order.Prompt, order.Seed, $"{model.Description.Name} {model.Description.Version}".TrimEnd(), pipeline.Sessions.Device.ToString(), seconds, warnings, order.Keep);
        }
    }

    private static async Task<JobRecord> FollowAsync(LocalPipeline pipeline, string id, int ticks, IJobView view, CancellationToken cancellationToken)
    {
        var reports = new ProgressReports(view, ticks);
        await foreach (var job in pipeline.Jobs.WatchAsync(Owner.Local, id, null, LookInterval, cancellationToken).ConfigureAwait(false))
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
