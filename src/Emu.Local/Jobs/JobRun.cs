using System.Diagnostics;
using Emu.Diffusion.Sessions;
using Emu.Generation;
using Emu.Generation.Models;
using Emu.Hosting;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;
using Emu.Local.Models;
using Emu.Local.Progress;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Local.Jobs;

/// <summary>A file that was written.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Format">Its format: mp4, gif, webp, apng, webm; png, jpeg.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Frames">How many frames; 1 for a still.</param>
/// <param name="DurationSeconds">How long it plays; null for a still.</param>
/// <param name="Bytes">Its length in bytes.</param>
internal sealed record JobOutput(string Path, string Format, int Width, int Height, int Frames, double? DurationSeconds, long Bytes);

/// <summary>What a finished command made: what <c>--json</c> prints.</summary>
/// <param name="Outputs">The files written.</param>
/// <param name="Prompt">The prompt; empty if only a picture was given.</param>
/// <param name="Seed">The seed; the same one gives the same result.</param>
/// <param name="Model">Name and version of the model package.</param>
/// <param name="Device">Where it ran: <c>cpu</c> or <c>cuda:n</c>.</param>
/// <param name="Precision"><c>int8</c> if layers were computed so, else <c>full</c>.</param>
/// <param name="Seconds">Seconds by stage, and <c>total</c>.</param>
/// <param name="Warnings">What the user should know.</param>
/// <param name="Problems">What could not be written, and why; the command fails then.</param>
/// <param name="Kept">The folder with every stage's artifacts, if they were kept.</param>
internal sealed record JobResult(
    IReadOnlyList<JobOutput> Outputs,
    string Prompt,
    long Seed,
    string Model,
    string Device,
    string Precision,
    IReadOnlyDictionary<string, double> Seconds,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Problems,
    string? Kept);

/// <summary>
/// Runs one job in process: the same orchestration and stages as a server's, on an engine in memory and a temporary folder that
/// is removed at the end. Progress and the model's capabilities stay in memory.
/// </summary>
internal static class JobRun
{
    /// <summary>Makes what was ordered.</summary>
    /// <param name="order">The order.</param>
    /// <param name="view">Shows how far it is.</param>
    /// <param name="cancellationToken">Stops the work within a step; no file of the user's is touched.</param>
    public static async Task<JobResult> RunAsync(GenerationOrder order, IJobView view, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();

        // What would fail at the end fails now, not after minutes of denoising.
        order.Probe();
        if (order.Kind == JobKind.Video)
        {
            FfmpegInstallation.Locate(new FfmpegOptions());
        }

        var folder = Directory.CreateTempSubdirectory("emu-").FullName;
        try
        {
            var name = ModelName.Of(order.Model);
            using var host = await BuildAsync(order, [new(name, order.Model)], folder, cancellationToken);
            var models = host.Services.GetRequiredService<ModelLibrary>();
            var model = models.Get(name);
            await using var preload = ModelPreload.Start(model, order.Kind == JobKind.Video, order.Picture is not null, cancellationToken);
            var picture = order.Picture is { } path ? await InputPictureFile.ReadAsync(path, cancellationToken) : null;

            await host.StartAsync(cancellationToken);
            try
            {
                var jobs = host.Services.GetRequiredService<JobService>();
                var created = await jobs.CreateAsync(Owner.Local, order.ToDraft(name), picture, null, cancellationToken);
                var setUp = watch.Elapsed;
                var job = await FollowAsync(jobs, created.Job.Record.Id, view, new ProgressReports(view, model.Description.Ticks), cancellationToken);
                var (outputs, problems) = await OutputFiles.WriteAsync(jobs, job, order, cancellationToken);
                var store = host.Services.GetRequiredService<IArtifactStore>();
                if (order.Keep is { } keep && await KeptArtifacts.TryCopyAsync(store, job, keep, cancellationToken) is { } problem)
                {
                    problems = [.. problems, problem];
                }

                var seconds = await StageSeconds.ReadAsync(store, job, setUp, cancellationToken);
                seconds["total"] = Math.Round(watch.Elapsed.TotalSeconds, 3);
                var sessions = host.Services.GetRequiredService<SessionCache>();
                return new(
                    outputs,
                    order.Draft.Prompt,
                    job.Request.Seed,
                    $"{model.Description.Name} {model.Description.Version}".TrimEnd(),
                    sessions.Device.ToString(),
                    sessions.ComputesInt8(model.Package) ? "int8" : "full",
                    seconds,
                    job.Warnings,
                    problems,
                    order.Keep);
            }
            finally
            {
                await host.StopAsync(CancellationToken.None);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Composes the host of one command.</summary>
    /// <param name="order">What is made.</param>
    /// <param name="packages">The models: their names and folders; the first is the default.</param>
    /// <param name="folder">The artifacts' folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IHost> BuildAsync(GenerationOrder order, IReadOnlyList<KeyValuePair<string, string>> packages, string folder, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var options = new JobHostOptions
        {
            StoreFolder = folder,
            Stages = new StageOptions { ProgressInterval = TimeSpan.FromMilliseconds(80) },
            // What stages leave for each other stays until the folder goes: its times are shown, and --keep copies it.
            Jobs = new JobServiceOptions { KeepIntermediate = true },
            KeepsProgressInMemory = true,
        };
        var models = new GenerationOptions { Models = packages, Device = order.Device, Precision = order.Precision, MaskFolders = ModelLocator.Folders };
        await builder.Services.AddEmuAsync(options, services => services.AddEmuGeneration(models), cancellationToken);
        return builder.Build();
    }

    /// <summary>Shows a job's progress until it has ended.</summary>
    /// <returns>The completed job.</returns>
    /// <exception cref="CommandFailedException">It failed.</exception>
    public static async Task<JobRecord> FollowAsync(JobService jobs, string id, IJobView view, ProgressReports reports, CancellationToken cancellationToken)
    {
        var warned = 0;
        await foreach (var job in jobs.WatchAsync(Owner.Local, id, null, cancellationToken))
        {
            foreach (var warning in job.Record.Warnings.Skip(warned))
            {
                view.Warn(warning);
                warned++;
            }

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
