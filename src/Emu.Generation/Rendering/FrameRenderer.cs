using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;
using Emu.Generation.Models;
using Emu.Generation.Motion;
using Emu.Media.Pictures;

namespace Emu.Generation.Rendering;

/// <summary>
/// Makes finished frames of latents: decodes them, warps the first frame along the motion of the others where the package has a
/// network for it (<see cref="FrameWarping"/>), reduces temporal noise by coring where it says how (<see cref="FrameCoring"/>), moves
/// what they show along the motions that were asked for (<see cref="LoopMotion"/>), and upsamples (<see cref="PictureUpsampler"/>). Every frame depends on itself and the clip's first one alone. Safe for concurrent use.
/// </summary>
public sealed class FrameRenderer(LoadedModel model)
{
    private readonly PictureUpsampler _upsampler = new(model);

    /// <summary>Renders a range of a clip's frames, one after another.</summary>
    /// <param name="latents">The latents of all frames <c>[frames, latent channels, height, width]</c>.</param>
    /// <param name="start">The first frame to render.</param>
    /// <param name="count">How many.</param>
    /// <param name="size">Width and height wanted, in pixels; see <see cref="PictureUpsampler.Upsample"/>.</param>
    /// <param name="motion">What the prompt says about motion; null where the network itself follows it.</param>
    /// <param name="cancellationToken">Stops within an operator or two.</param>
    public IEnumerable<Picture> Render(FloatTensor latents, int start, int count, int size, MotionReading? motion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(latents);
        return RenderFrames(latents, start, count, size, motion, cancellationToken);
    }

    private IEnumerable<Picture> RenderFrames(FloatTensor latents, int start, int count, int size, MotionReading? motion, CancellationToken cancellationToken)
    {
        var tick = start;
        var warping = model.Package.FrameWarp is { } warp ? new FrameWarping(warp, model.Sessions) : null;
        var bounds = model.Package.Video?.Description.FrameCoring;
        var first = start > 0 && (warping is not null || bounds is not null || motion is { IsNothing: false }) ? model.Decoder.DecodeAll(latents.Slice(0, 1), cancellationToken: cancellationToken) : null;
        FrameCoring? coring = null;
        LoopMotion? moving = null;
        var isFirst = start == 0;
        foreach (var decoded in model.Decoder.Decode(latents.Slice(start, count), cancellationToken: cancellationToken))
        {
            first ??= decoded.Slice(0, 1);
            coring ??= bounds is [var low, var high] ? new(first, low, high) : null;
            var frames = warping?.Apply(first, decoded, cancellationToken) ?? decoded;
            if (isFirst)
            {
                // The first frame is not warped: all others are made of it.
                first.Span.CopyTo(frames.Span);
                isFirst = false;
            }

            for (var frame = 0; frame < frames.Shape[0]; frame++)
            {
                var picture = frames.Slice(frame, 1);
                coring?.Apply(picture);
                moving ??= motion is { Steps.Count: > 0 } ? new(motion.Steps, first) : null;
                var moved = motion is { IsStill: true } ? first : moving?.Apply(picture, tick, latents.Shape[0]) ?? picture;
                tick++;
                yield return _upsampler.Upsample(moved, size, cancellationToken);
            }
        }
    }
}
