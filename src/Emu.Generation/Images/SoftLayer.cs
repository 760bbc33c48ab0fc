using System.Numerics;
using Emu.Media.Pictures;

namespace Emu.Generation.Images;

/// <summary>Continues a shadow behind the object that hides a part of it, which is seen when the object moves.</summary>
internal static class SoftLayer
{
    /// <summary>Enough for objects of a few hundred pixels: every sweep carries values across the whole picture.</summary>
    private const int Sweeps = 60;

    /// <summary>Fills hidden pixels as smoothly as their surroundings allow (Laplace's equation, by Gauss and Seidel).</summary>
    /// <param name="layer">The layer; empty where it is hidden.</param>
    /// <param name="isHidden">Whether a pixel, by its number, is behind the object.</param>
    public static Picture Continued(Picture layer, Func<int, bool> isHidden)
    {
        var (width, height) = (layer.Width, layer.Height);
        var pixels = new Vector4[width * height];
        var hidden = new List<int>();
        for (var at = 0; at < pixels.Length; at++)
        {
            var sample = layer.Samples.Slice(at * Picture.Channels, Picture.Channels);
            pixels[at] = new Vector4(sample[0], sample[1], sample[2], 255) * (sample[3] / 255f);
            if (isHidden(at))
            {
                hidden.Add(at);
            }
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var i = 0; i < hidden.Count; i++)
            {
                var at = hidden[sweep % 2 == 0 ? i : hidden.Count - 1 - i];
                var (y, x) = Math.DivRem(at, width);
                pixels[at] = (pixels[x > 0 ? at - 1 : at] + pixels[x + 1 < width ? at + 1 : at] + pixels[y > 0 ? at - width : at] + pixels[y + 1 < height ? at + width : at]) / 4;
            }
        }

        var samples = layer.Samples.ToArray();
        foreach (var at in hidden)
        {
            var pixel = pixels[at];
            var straight = pixel.W < 0.5f ? Vector4.Zero : new Vector4(255 * pixel.X / pixel.W, 255 * pixel.Y / pixel.W, 255 * pixel.Z / pixel.W, pixel.W);
            for (var channel = 0; channel < Picture.Channels; channel++)
            {
                samples[(at * Picture.Channels) + channel] = (byte)Math.Clamp(straight[channel] + 0.5f, 0f, 255f);
            }
        }

        return Picture.FromSamples(width, height, samples);
    }
}
