using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Background;

/// <summary>A ground in light shades of a sticker's own colours, on which stickers are drawn.</summary>
internal sealed class StickerCanvas
{
    private readonly byte[] _samples;

    /// <summary>Makes the ground: lighter above, darker below.</summary>
    public StickerCanvas(int width, int height, Picture sticker)
    {
        (Width, Height) = (width, height);
        _samples = new byte[width * height * Picture.Channels];
        var (red, green, blue) = MeanColor(sticker);
        for (var y = 0; y < height; y++)
        {
            var white = 0.78 - (0.28 * y / height);
            var pixel = (Mix(red, white), Mix(green, white), Mix(blue, white));
            for (var i = y * width * Picture.Channels; i < (y + 1) * width * Picture.Channels; i += Picture.Channels)
            {
                (_samples[i], _samples[i + 1], _samples[i + 2], _samples[i + 3]) = (pixel.Item1, pixel.Item2, pixel.Item3, 255);
            }
        }

        static byte Mix(double channel, double white) => (byte)Math.Clamp((255 * white) + (channel * (1 - white)), 0, 255);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Draws a sticker; what lies beyond the borders is left out.</summary>
    /// <param name="sticker">The sticker.</param>
    /// <param name="middleX">Column of its middle.</param>
    /// <param name="middleY">Row of its middle.</param>
    public void Draw(Picture sticker, int middleX, int middleY)
    {
        var (left, top) = (middleX - (sticker.Width / 2), middleY - (sticker.Height / 2));
        for (var y = Math.Max(0, -top); y < Math.Min(sticker.Height, Height - top); y++)
        {
            var row = sticker.Row(y);
            for (var x = Math.Max(0, -left); x < Math.Min(sticker.Width, Width - left); x++)
            {
                var from = row.Slice(x * Picture.Channels, Picture.Channels);
                var to = _samples.AsSpan((((top + y) * Width) + left + x) * Picture.Channels, 3);
                for (var c = 0; c < to.Length; c++)
                {
                    to[c] = (byte)(((from[c] * from[3]) + (to[c] * (255 - from[3])) + 127) / 255);
                }
            }
        }
    }

    public Picture ToPicture() => Picture.FromSamples(Width, Height, _samples);

    private static (double Red, double Green, double Blue) MeanColor(Picture sticker)
    {
        var (red, green, blue, weight) = (0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < sticker.Samples.Length; i += Picture.Channels)
        {
            var pixel = sticker.Samples.Slice(i, Picture.Channels);
            // Saturated colours say more about it than its outline.
            var share = pixel[3] / 255.0 * (8 + Math.Max(pixel[0], Math.Max(pixel[1], pixel[2])) - Math.Min(pixel[0], Math.Min(pixel[1], pixel[2])));
            (red, green, blue, weight) = (red + (share * pixel[0]), green + (share * pixel[1]), blue + (share * pixel[2]), weight + share);
        }
        return weight > 0 ? (red / weight, green / weight, blue / weight) : (255, 255, 255);
    }
}
