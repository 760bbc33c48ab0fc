using Emu.Editing.Operations.Drawing;
using Emu.Editing.Operations.Placing;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Add;

/// <summary>Lays a sticker over its shadow: one on the ground at its foot where it stands, one just behind it where it floats.</summary>
internal static class StickerShadow
{
    /// <summary>The sticker and its shadow as one layer.</summary>
    /// <param name="sticker">The sticker, at its size in the picture.</param>
    /// <param name="x">Its left edge in the picture.</param>
    /// <param name="y">Its top edge in the picture.</param>
    /// <param name="light">What its colours are multiplied by.</param>
    /// <param name="stands">Whether it stands on something.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static Layer Under(Picture sticker, int x, int y, StickerLight light, bool stands, CancellationToken cancellationToken)
    {
        var size = Math.Min(sticker.Width, sticker.Height);
        var margin = (int)Math.Ceiling(size * 0.2) + 2;
        var (width, height) = (sticker.Width + (2 * margin), sticker.Height + (2 * margin));
        var shadow = stands ? Contact(sticker, margin, width, height, cancellationToken) : Drop(sticker, margin, width, height, cancellationToken);
        var pixels = new byte[checked(width * height * 4)];
        Plane.ForRows(height, row =>
        {
            for (var column = 0; column < width; column++)
            {
                var to = pixels.AsSpan(((row * width) + column) * 4, 4);
                var (sx, sy) = (column - margin, row - margin);
                var behind = Math.Clamp(shadow.At(column, row), 0f, 1f);
                var alpha = 0f;
                if ((uint)sx < (uint)sticker.Width && (uint)sy < (uint)sticker.Height)
                {
                    var from = sticker.Row(sy).Slice(sx * Picture.Channels, Picture.Channels);
                    alpha = from[3] / 255f;
                    to[0] = Sample(from[0] * light.Red * alpha, 255f * alpha);
                    to[1] = Sample(from[1] * light.Green * alpha, 255f * alpha);
                    to[2] = Sample(from[2] * light.Blue * alpha, 255f * alpha);
                }
                to[3] = (byte)((255f * (alpha + (behind * (1f - alpha)))) + 0.5f);
            }
        }, cancellationToken);
        return new Layer(x - margin, y - margin, width, height, pixels);
    }

    /// <summary>The sticker's shape, a little lower and soft.</summary>
    private static Plane Drop(Picture sticker, int margin, int width, int height, CancellationToken cancellationToken)
    {
        var size = Math.Min(sticker.Width, sticker.Height);
        var down = (int)Math.Round(size * 0.03);
        var shape = new Plane(width, height);
        Plane.ForRows(sticker.Height, row =>
        {
            var to = shape.Row(row + margin + down)[margin..];
            var from = sticker.Row(row);
            for (var column = 0; column < sticker.Width; column++)
            {
                to[column] = 0.4f * from[(column * Picture.Channels) + 3] / 255f;
            }
        }, cancellationToken);
        return shape.Blurred(size * 0.035f, cancellationToken);
    }

    /// <summary>A soft ellipse below the foot, darkest where the sticker touches the ground.</summary>
    private static Plane Contact(Picture sticker, int margin, int width, int height, CancellationToken cancellationToken)
    {
        var (left, right) = Foot(sticker);
        var center = margin + ((left + right) / 2f);
        var reach = Math.Max((right - left) * 0.62f, sticker.Width * 0.22f);
        var flat = Math.Max(reach * 0.16f, 2f);
        var ground = margin + sticker.Height - (flat * 0.55f);
        var shadow = new Plane(width, height);
        Plane.ForRows(height, row =>
        {
            var to = shadow.Row(row);
            for (var column = 0; column < width; column++)
            {
                var (across, down) = ((column + 0.5f - center) / reach, (row + 0.5f - ground) / flat);
                var distance = (across * across) + (down * down);
                to[column] = (0.42f * MathF.Exp(-1.6f * distance)) + (0.28f * MathF.Exp(-0.45f * distance));
                // What is fainter than a sample is nothing: only what is seen counts as changed.
                to[column] *= Tones.Step(to[column], 0.004f, 0.03f) * Tones.Step(margin + (sticker.Width / 2f) - MathF.Abs(column - (width / 2f)), 0f, margin);
            }
        }, cancellationToken);
        return shadow;
    }

    /// <summary>How far the lowest tenth of the sticker reaches.</summary>
    private static (int Left, int Right) Foot(Picture sticker)
    {
        var (left, right) = (sticker.Width, 0);
        for (var y = sticker.Height - Math.Max(1, sticker.Height / 10); y < sticker.Height; y++)
        {
            var row = sticker.Row(y);
            for (var x = 0; x < sticker.Width; x++)
            {
                if (row[(x * Picture.Channels) + 3] > 127)
                {
                    (left, right) = (Math.Min(left, x), Math.Max(right, x + 1));
                }
            }
        }
        return left < right ? (left, right) : (0, sticker.Width);
    }

    private static byte Sample(float value, float most) => (byte)(Math.Clamp(value, 0f, most) + 0.5f);
}
