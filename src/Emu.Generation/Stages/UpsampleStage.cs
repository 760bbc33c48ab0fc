using System.Runtime.CompilerServices;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;
using Emu.Generation.Latents;
using Emu.Generation.Models;
using Emu.Generation.Upsampling;
using Emu.Media.Pictures;
using Emu.Media.Video;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>
/// A chunk of the frames' latents to pictures, in one lossless file: decoded, drawn anew out of the first frame where the package can (<see cref="FrameWarping"/>),
/// stilled where it says how (<see cref="FrameCoring"/>), and enlarged where it has a network for it.
/// Resampling to the very size asked for is the encoder's (<see cref="IPictureUpsampler"/>).
/// </summary>
public sealed class UpsampleStage(ModelLibrary models, FfmpegOptions? ffmpeg = null) : IStage
{
    private const string Revision = "upsample-4";

    // A chunk costs the start of two ffmpeg processes and stays a matter of seconds, whatever the model's size.
    private const int FramesPerSmallChunk = 64;
    private const int FramesPerLargeChunk = 4;
    private const int SmallSize = 256;

    private readonly FrameChunkCodec _codec = new(ffmpeg);

    /// <inheritdoc/>
    public string Name => StageNames.Upsample;

    /// <summary>How many chunks a number of frames is split into. Follows from the package alone, and so do all batch shapes.</summary>
    public static int ChunkCount(ModelDescription model, int frames)
    {
        ArgumentNullException.ThrowIfNull(model);
        var chunk = FramesPerChunk(model);
        return (frames + chunk - 1) / chunk;
    }

    /// <inheritdoc/>
    public ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new($"{Revision} {models.Get(request.Model).Package.Fingerprint}");
    }

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var model = models.Get(run.Request.Model);
        var latents = await LatentFiles.ReadAsync(run, StageNames.Interpolate, StageFiles.FrameLatents, cancellationToken);
        var chunk = FramesPerChunk(model.Description);
        var start = run.Chunk * chunk;
        var count = Math.Min(chunk, latents.Shape[0] - start);
        var frames = UpsampleAsync(model, latents, start, count, run, cancellationToken);
        var file = await run.WriteAsync(
            StageFiles.FrameVideo,
            (stream, token) => _codec.WriteAsync(frames, model.Description.FramesPerSecond, stream, count, token),
            cancellationToken);
        return StageOutcome.Done([file]);
    }

    private static async IAsyncEnumerable<Picture> UpsampleAsync(
        LoadedModel model, FloatTensor latents, int start, int count, StageRun run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var upsampler = PictureUpsamplers.For(model);
        var warping = model.Package.FrameWarp is { } warp ? new FrameWarping(warp, model.Sessions) : null;
        var bounds = model.Package.Video?.Description.FrameCoring;
        var first = start > 0 && (warping is not null || bounds is not null) ? model.Decoder.DecodeAll(latents.Slice(0, 1), cancellationToken: cancellationToken) : null;
        FrameCoring? coring = null;
        var done = 0;
        foreach (var decoded in model.Decoder.Decode(latents.Slice(start, count), cancellationToken: cancellationToken))
        {
            first ??= decoded.Slice(0, 1);
            coring ??= bounds is [var stillUpTo, var movesFrom] ? new(first, stillUpTo, movesFrom) : null;
            var frames = warping?.Apply(first, decoded, cancellationToken) ?? decoded;
            if (start + done == 0)
            {
                first.Span.CopyTo(frames.Span);     // the picture that all others are made of
            }

            for (var frame = 0; frame < frames.Shape[0]; frame++)
            {
                var picture = frames.Slice(frame, 1);
                coring?.Apply(picture);
                yield return upsampler.Upsample(picture, run.Request.Size.Width, cancellationToken);
                await run.ReportAsync(++done, count, cancellationToken);
            }
        }
    }

    private static int FramesPerChunk(ModelDescription model) => model.NativeSize <= SmallSize ? FramesPerSmallChunk : FramesPerLargeChunk;
}
