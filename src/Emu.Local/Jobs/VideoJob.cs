using System.Diagnostics;
using Emu.Diffusion.Sessions;
using Emu.Generation.Models;
using Emu.Generation.Stages;
using Emu.Local.Progress;
using Emu.Media.Pictures;
using Emu.Media.Video;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Local.Jobs;

/// <summary>Runs a video job's stages one after another in this process, on artifacts in a temporary folder.</summary>
internal static class VideoJob
{
    /// <summary>Makes the video.</summary>
    public static async Task<JobResult> RunAsync(GenerationOrder order, IJobView view, CancellationToken cancellationToken)
    {
        var total = Stopwatch.StartNew();
        using var folder = new JobFolder(order.Keep);
        using var store = FolderArtifactStore.OpenOwned(folder.Path);
        using var sessions = new SessionCache(new SessionCacheOptions { Device = order.Device });
        var name = Path.GetFileName(order.Model);
        var models = new ModelLibrary(sessions, [new(name, order.Model)]);
        var model = models.Get(name);
        var draft = new JobDraft
        {
            Kind = JobKind.Video,
            Prompt = order.Prompt,
            Size = order.Size is { } size ? new FrameSize(size, size) : null,
            Seed = order.Seed,
            Steps = order.Steps,
            Guidance = order.Guidance,
            ImageGuidance = order.ImageGuidance,
            NoiseScheduler = order.NoiseScheduler,
            Transparent = order.Transparent,
        };
        var id = JobId.New(JobKind.Video, DateTimeOffset.UtcNow).ToString();
        var request = JobRequestChecks.Resolve(draft, ModelCapabilitiesBuilder.Build(model.Package, name, isDefault: true), null, DateTimeOffset.UtcNow);
        await new JobRecords(store).CreateAsync(new JobRecord { Id = id, Owner = Owner.Local, Request = request, CreatedAt = DateTimeOffset.UtcNow }, cancellationToken).ConfigureAwait(false);
        var seconds = new Dictionary<string, double>();
        seconds["setup"] = total.Elapsed.TotalSeconds;

        var chunks = 1;
        IStage[] stages = [new KeyframeStage(models), new AnimateStage(models), new InterpolateStage(models), new UpsampleStage(models)];
        string[][] reads = [[], [StageNames.Keyframe], [StageNames.Animate], [StageNames.Interpolate]];
        for (var index = 0; index < stages.Length; index++)
        {
            var began = total.Elapsed;
            var activity = new StageActivity(stages[index], store);
            var isSplit = stages[index].Name == StageNames.Upsample;
            for (var chunk = 0; chunk < (isSplit ? chunks : 1); chunk++)
            {
                var call = new StageCall(id, new StageSpan(index + 1, 5, index * 20, (index + 1) * 20), reads[index], isSplit ? chunk : null, isSplit ? chunks : null);
                var result = await activity.RunAsync(call, 1, cancellationToken).ConfigureAwait(false);
                while (!result.Done)
                {
                    result = await activity.RunAsync(call with { Unit = result.Unit, Checkpoint = result.Checkpoint }, 1, cancellationToken).ConfigureAwait(false);
                }

                chunks = result.Chunks ?? chunks;
                view.Report(stages[index].Name, chunk + 1, isSplit ? chunks : 1);
            }

            seconds[stages[index].Name] = (total.Elapsed - began).TotalSeconds;
        }

        var encoding = total.Elapsed;
        var outputs = new List<JobOutput>();
        foreach (var path in order.Outputs)
        {
            VideoFormats.TryFromExtension(path, out var format);
            var video = await new VideoEncoder().EncodeAsync(
                FramesAsync(store, id, chunks, cancellationToken),
                new VideoEncoding { Format = format!.Value, FramesPerSecond = model.Description.FramesPerSecond, Transparent = order.Transparent },
                path,
                null,
                cancellationToken).ConfigureAwait(false);
            outputs.Add(new(path, format.Value.ToString(), video.Width, video.Height, video.FrameCount, video.Duration.TotalSeconds, video.Length));
            view.Report("encode", outputs.Count, order.Outputs.Count);
        }

        seconds["encode"] = (total.Elapsed - encoding).TotalSeconds;
        seconds["total"] = total.Elapsed.TotalSeconds;
        return new(outputs, order.Prompt, order.Seed, $"{model.Description.Name} {model.Description.Version}", sessions.Device.ToString(), seconds, [], order.Keep);
    }

    private static async IAsyncEnumerable<Picture> FramesAsync(FolderArtifactStore store, string id, int chunks, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var manifest = await new StageManifests(store, id).FindAsync(StageNames.Chunk(StageNames.Upsample, chunk), cancellationToken).ConfigureAwait(false);
            await using var stream = await store.OpenReadAsync(manifest!.Find(StageFiles.FrameVideo)!.Artifact, cancellationToken).ConfigureAwait(false);
            await foreach (var frame in new FrameChunkCodec().ReadAsync(stream, cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                yield return frame;
            }
        }
    }
}
