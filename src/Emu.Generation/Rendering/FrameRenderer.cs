using Emu.Diffusion.Tensors;
using Emu.Generation.Models;
using Emu.Generation.Motion;
using Emu.Media.Pictures;

namespace Emu.Generation.Rendering;

/// <summary>
/// Makes finished frames of picture latents: decodes them, moves what they show along the motions and before the camera that were asked
/// for (<see cref="LoopMotion"/>), and upsamples (<see cref="PictureUpsampler"/>). Every frame depends on itself and the clip's first
/// one alone. Safe for concurrent use. Clips of motion are made by <see cref="MovedFrames"/>.
/// </summary>
public sealed class FrameRenderer(LoadedModel model)
{
    private readonly PictureUpsampler _upsampler = new(model);

    /// <summary>Renders a range of a clip's frames, one after another.</summary>
    /// <param name="latents">The latents of all frames <c>[frames, latent channels, height, width]</c>.</param>
    /// <param name="start">The first frame to render.</param>
    /// <param name="count">How many.</param>
    /// <param name="size">Width and height wanted, in pixels; see <see cref="PictureUpsampler.Upsample"/>.</param>
    /// <param name="requested">What was asked for besides the model's own motion.</param>
    /// <param name="cancellationToken">Stops within an operator or two.</param>
    public IEnumerable<Picture> Render(FloatTensor latents, int start, int count, int size, RequestedMotion requested, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(latents);
        ArgumentNullException.ThrowIfNull(requested);
        return RenderFrames(latents, start, count, size, requested, cancellationToken);
    }

    private IEnumerable<Picture> RenderFrames(FloatTensor latents, int start, int count, int size, RequestedMotion requested, CancellationToken cancellationToken)
    {
        var tick = start;
        var isMoved = requested.Steps.Count > 0 || requested.Camera is not null;
        var first = start > 0 && (isMoved || requested.IsStill) ? model.Decoder.DecodeAll(latents.Slice(0, 1), cancellationToken: cancellationToken) : null;
        LoopMotion? motion = null;
        foreach (var decoded in model.Decoder.Decode(latents.Slice(start, count), cancellationToken: cancellationToken))
        {
            first ??= decoded.Slice(0, 1);
            motion ??= isMoved ? new(requested.Steps, first, requested.Camera, layout: requested.Layout) : null;
            for (var frame = 0; frame < decoded.Shape[0]; frame++)
            {
                var picture = requested.IsStill ? first : decoded.Slice(frame, 1);
                yield return _upsampler.Upsample(motion?.Apply(picture, tick, latents.Shape[0]) ?? picture, size, cancellationToken);
                tick++;
            }
        }
    }
}
