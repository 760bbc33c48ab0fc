using System.Runtime.InteropServices;
using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Media.Pictures;

namespace Emu.Editing.Tests;

/// <summary>Pictures and masks made by formulas, and looks at their samples.</summary>
internal static class TestPictures
{
    /// <summary>A picture of a formula: red, green, blue and alpha from 0 to 1 at each pixel.</summary>
    public static SourcePicture Make(int width, int height, int bits, Func<int, int, (float R, float G, float B, float A)> color) =>
        SourcePicture.CreateByRows(width, height, bits, SourceMetadata.None, (y, bytes) =>
        {
            var row = new float[width * SourcePicture.Channels];
            for (var x = 0; x < width; x++)
            {
                (row[x * 4], row[(x * 4) + 1], row[(x * 4) + 2], row[(x * 4) + 3]) = color(x, y);
            }
            SourcePicture.WriteRow(row, bits, bytes);
        });

    /// <summary>A landscape of waves with a light disc: smooth parts, edges and fine texture.</summary>
    public static SourcePicture Scene(int width, int height, int bits = 8) => Make(width, height, bits, (x, y) =>
    {
        var (u, v) = ((x + 0.5f) / width, (y + 0.5f) / height);
        var wave = 0.5f + (0.3f * MathF.Sin(9f * u) * MathF.Cos(7f * v)) + (0.05f * MathF.Sin(190f * u));
        var inside = ((u - 0.5f) * (u - 0.5f)) + ((v - 0.5f) * (v - 0.5f)) < 0.06f;
        return inside ? (0.9f, 0.75f * wave, 0.3f, 1f) : (0.3f * wave, 0.5f * wave, 0.8f * wave, 1f);
    });

    /// <summary>A mask of a rectangle.</summary>
    public static EditMask Box(int width, int height, int left, int top, int right, int bottom) => EditMask.CreateByRows(width, height, (y, row) =>
    {
        row.Clear();
        if (y >= top && y < bottom)
        {
            row[left..right].Fill(255);
        }
    });

    /// <summary>One sample, 0 to <see cref="SourcePicture.Maximum"/>.</summary>
    public static int Sample(this SourcePicture picture, int x, int y, int channel) =>
        picture.Bits == 8 ? picture.RowBytes(y)[(x * 4) + channel] : MemoryMarshal.Cast<byte, ushort>(picture.RowBytes(y))[(x * 4) + channel];

    /// <summary>Whether a pixel is the same bit for bit in both.</summary>
    public static bool SamePixel(SourcePicture first, SourcePicture second, int x, int y)
    {
        var bytes = first.BytesPerPixel;
        return first.RowBytes(y).Slice(x * bytes, bytes).SequenceEqual(second.RowBytes(y).Slice(x * bytes, bytes));
    }

    /// <summary>How many pixels outside what an operation names as changed differ from the picture before.</summary>
    public static int DifferingOutside(SourcePicture before, EditResult result)
    {
        var count = 0;
        for (var y = 0; y < before.Height; y++)
        {
            for (var x = 0; x < before.Width; x++)
            {
                count += result.Changed!.Row(y)[x] == 0 && !SamePixel(before, result.Picture, x, y) ? 1 : 0;
            }
        }
        return count;
    }

    /// <summary>The smallest box around pixels that differ between two pictures.</summary>
    public static (int Left, int Top, int Right, int Bottom) DifferenceBox(SourcePicture before, SourcePicture after)
    {
        var differing = from y in Enumerable.Range(0, before.Height) from x in Enumerable.Range(0, before.Width) where !SamePixel(before, after, x, y) select (x, y);
        return (differing.Min(p => p.x), differing.Min(p => p.y), differing.Max(p => p.x) + 1, differing.Max(p => p.y) + 1);
    }
}
