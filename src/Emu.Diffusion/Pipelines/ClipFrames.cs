using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>Reorders a clip's latents into its frames.</summary>
public static class ClipFrames
{
    /// <summary>The frames of one clip.</summary>
    /// <param name="clip">Latents <c>[1, channels, frames, height, width]</c>, or with frames before channels.</param>
    /// <param name="axes">Which: <c>BCFHW</c> or <c>BFCHW</c>.</param>
    /// <returns>Latents <c>[frames, channels, height, width]</c>.</returns>
    public static FloatTensor FromClip(FloatTensor clip, string axes)
    {
        ArgumentNullException.ThrowIfNull(clip);
        RequireClip(clip, axes);
        var (channels, frames) = axes == "BCFHW" ? (clip.Shape[1], clip.Shape[2]) : (clip.Shape[2], clip.Shape[1]);
        FloatTensor result = new([frames, channels, clip.Shape[3], clip.Shape[4]]);
        if (axes == "BFCHW")
        {
            clip.Span.CopyTo(result.Span);
        }
        else
        {
            SwapOuterAxes(clip.Span, result.Span, channels, frames);
        }

        return result;
    }

    private static void RequireClip(FloatTensor clip, string axes)
    {
        if (axes is not ("BCFHW" or "BFCHW") || clip.Shape is not [1, _, _, _, _])
        {
            throw new ArgumentException($"A clip of shape {clip.Shape} in the order {axes} was given; one clip of five axes in the order BCFHW or BFCHW was expected.", nameof(clip));
        }
    }

    private static void SwapOuterAxes(ReadOnlySpan<float> source, Span<float> destination, int outer, int inner)
    {
        var plane = source.Length / (outer * inner);
        for (var first = 0; first < outer; first++)
        {
            for (var second = 0; second < inner; second++)
            {
                source.Slice(((first * inner) + second) * plane, plane).CopyTo(destination[(((second * outer) + first) * plane)..]);
            }
        }
    }
}
