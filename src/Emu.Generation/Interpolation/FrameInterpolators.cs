using Emu.Diffusion.Tensors;
using Emu.Generation.Models;

namespace Emu.Generation.Interpolation;

/// <summary>Chooses how frames between frames are made.</summary>
public static class FrameInterpolators
{
    /// <summary>The interpolator for a model's clips.</summary>
    public static IFrameInterpolator For(LoadedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new CircularFrameInterpolator();
    }

    private sealed class CircularFrameInterpolator : IFrameInterpolator
    {
        public FloatTensor Interpolate(FloatTensor clip, int ticks)
        {
            var n = clip.Shape[0];
            var per = clip.Shape.ElementCount / n;
            var frames = new FloatTensor(clip.Shape.WithBatch(ticks));
            for (var i = 0; i < ticks; i++)
            {
                var position = (double)i * n / ticks;
                var k = (int)position;
                var t = (float)(position - k);
                var a = clip.Slice(k, 1).Span;
                var b = clip.Slice((k + 1) % n, 1).Span;
                var o = frames.Slice(i, 1).Span;
                for (var j = 0; j < per; j++)
                {
                    o[j] = (a[j] * (1 - t)) + (b[j] * t);
                }
            }

            return frames;
        }
    }
}
