using System.Runtime.CompilerServices;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tensors;
using Emu.Generation.Images;
using Emu.Generation.Models;
using Emu.Generation.Motion;
using Emu.Generation.Rendering;
using Emu.Media.Pictures;
using Emu.Media.Resizing;
using Emu.Media.Video;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>
/// A chunk of the frames' latents, or of their flows, to finished frames (<see cref="FrameRenderer"/>, <see cref="MovedFrames"/>) in one
/// losslessly compressed file. The stage is called <c>upsample</c> in jobs.
/// </summary>
internal sealed class RenderStage(FfmpegOptions? ffmpeg) : IModelStage
{
    // A chunk costs the start of two ffmpeg processes, and should take no more than seconds at any size of model.
    private const int FramesPerSmallChunk = 64;
    private const int FramesPerLargeChunk = 4;
    private const int SmallSize = 256;
    private const string MovesBoth = "The two things cannot be told apart in this picture, so what one of them should do moves both.";

    private readonly FrameChunkCodec _codec = new(ffmpeg);

    /// <inheritdoc/>
    public string Name => StageNames.Upsample;

    /// <inheritdoc/>
    public string Revision => "upsample-7";

    /// <summary>How many chunks a number of frames is split into. Follows from the package alone, and so do all batch shapes.</summary>
    public static int ChunkCount(ModelDescription model, int frames)
    {
        var chunk = FramesPerChunk(model);
        return (frames + chunk - 1) / chunk;
    }

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(LoadedModel model, StageRun run, CancellationToken cancellationToken)
    {
        var latents = await LatentFiles.ReadAsync(run, StageNames.Interpolate, StageFiles.FrameLatents, cancellationToken);
        var chunk = FramesPerChunk(model.Description);
        var start = run.Chunk * chunk;
        var count = Math.Min(chunk, latents.Shape[0] - start);
        var frames = model.Package.Motion is null ? RenderAsync(model, latents, start, count, run, cancellationToken) : MoveAsync(latents, start, count, model.Description, run, cancellationToken);
        var file = await run.WriteAsync(
            StageFiles.FrameVideo,
            (stream, token) => _codec.WriteAsync(frames, model.Description.FramesPerSecond, stream, count, token),
            cancellationToken);
        return StageOutcome.Done([file]);
    }

    private static async IAsyncEnumerable<Picture> RenderAsync(
        LoadedModel model, FloatTensor latents, int start, int count, StageRun run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var layers = await InputLayers.ReadAsync(run, model.Description, cancellationToken);
        var done = 0;
        var requested = RequestedMotion.Of(run.Request, model.Description);
        foreach (var frame in new FrameRenderer(model).Render(latents, start, count, run.Request.Size.Width, requested, cancellationToken))
        {
            yield return layers?.Complete(frame) ?? frame;
            await run.ReportAsync(++done, count, cancellationToken);
        }
    }

    /// <summary>Several frames at once, one a processor: each takes a core's time.</summary>
    private static async IAsyncEnumerable<Picture> MoveAsync(
        FloatTensor flows, int start, int count, ModelDescription model, StageRun run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (first, size) = (await KeyframeStage.ReadPictureAsync(run, cancellationToken), run.Request.Size);
        var scale = Math.Min((double)size.Width / first.Width, (double)size.Height / first.Height);
        var (width, height) = (Math.Max(1, (int)Math.Round(first.Width * scale)), Math.Max(1, (int)Math.Round(first.Height * scale)));
        MovedFrames frames = new(first, flows, RequestedMotion.Of(run.Request, model), width, height);
        if (frames.MovesBoth)
        {
            await run.WarnAsync(MovesBoth, cancellationToken);
        }

        var made = new Picture[Math.Min(count, Environment.ProcessorCount)];
        for (var done = 0; done < count; done += made.Length)
        {
            var some = Math.Min(made.Length, count - done);
            Parallel.For(0, some, new ParallelOptions { CancellationToken = cancellationToken }, index => made[index] = frames.At(start + done + index));
            for (var index = 0; index < some; index++)
            {
                // A picture of another shape than the frames lies in their middle.
                yield return made[index].Padded((size.Width - width) / 2, (size.Height - height) / 2, size.Width, size.Height);
                await run.ReportAsync(done + index + 1, count, cancellationToken);
            }
        }
    }

    private static int FramesPerChunk(ModelDescription model) => model.NativeSize <= SmallSize ? FramesPerSmallChunk : FramesPerLargeChunk;
}
