using System.Runtime.CompilerServices;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tensors;
using Emu.Generation.Images;
using Emu.Generation.Models;
using Emu.Generation.Motion;
using Emu.Generation.Rendering;
using Emu.Media.Pictures;
using Emu.Media.Video;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>A chunk of the frames' latents to finished frames (<see cref="FrameRenderer"/>) in one losslessly compressed file. The stage is called <c>upsample</c> in jobs.</summary>
internal sealed class RenderStage(FfmpegOptions? ffmpeg) : IModelStage
{
    // A chunk costs the start of two ffmpeg processes, and should take no more than seconds at any size of model.
    private const int FramesPerSmallChunk = 64;
    private const int FramesPerLargeChunk = 4;
    private const int SmallSize = 256;

    private readonly FrameChunkCodec _codec = new(ffmpeg);

    /// <inheritdoc/>
    public string Name => StageNames.Upsample;

    /// <inheritdoc/>
    public string Revision => "upsample-5";

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
        var frames = RenderAsync(model, latents, start, count, run, cancellationToken);
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
        var motion = model.Description.Video?.MotionByWords == true ? MotionReader.Read(run.Request.Prompt) : null;
        foreach (var frame in new FrameRenderer(model).Render(latents, start, count, run.Request.Size.Width, motion, cancellationToken))
        {
            yield return layers?.Complete(frame) ?? frame;
            await run.ReportAsync(++done, count, cancellationToken);
        }
    }

    private static int FramesPerChunk(ModelDescription model) => model.NativeSize <= SmallSize ? FramesPerSmallChunk : FramesPerLargeChunk;
}
