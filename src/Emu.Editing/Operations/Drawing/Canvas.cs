using System.Buffers;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Drawing;

/// <summary>A picture's colours as numbers from 0 to 1, over white paper: what the drawing filters work on.</summary>
internal sealed class Canvas(Plane red, Plane green, Plane blue)
{
    /// <summary>The pixels a filter works on at most; larger pictures are drawn smaller and enlarged.</summary>
    public const int MostPixels = 7_000_000;

    /// <summary>Red.</summary>
    public Plane Red { get; } = red;

    /// <summary>Green.</summary>
    public Plane Green { get; } = green;

    /// <summary>Blue.</summary>
    public Plane Blue { get; } = blue;

    /// <summary>Width in pixels.</summary>
    public int Width => Red.Width;

    /// <summary>Height in pixels.</summary>
    public int Height => Red.Height;

    /// <summary>How many pixels a stroke's unit has: the shorter side by 1,000, so that a picture looks alike at every size.</summary>
    public float Unit => Math.Max(0.4f, Math.Min(Width, Height) / 1000f);

    /// <summary>Reads a picture; one that is too large is shrunk on the way.</summary>
    public static Canvas Read(SourcePicture picture, CancellationToken cancellationToken)
    {
        // By a whole number first, which needs no copy at full size.
        var factor = 1;
        while ((long)(picture.Width / (factor + 1)) * (picture.Height / (factor + 1)) > MostPixels)
        {
            factor++;
        }
        var width = (picture.Width + factor - 1) / factor;
        var height = (picture.Height + factor - 1) / factor;
        var canvas = Blank(width, height);
        Plane.ForRows(height, y =>
        {
            var row = ArrayPool<float>.Shared.Rent(picture.Width * SourcePicture.Channels);
            var rows = Math.Min(factor, picture.Height - (y * factor));
            for (var dy = 0; dy < rows; dy++)
            {
                picture.ReadRow((y * factor) + dy, row.AsSpan(0, picture.Width * SourcePicture.Channels));
                for (var sx = 0; sx < picture.Width; sx++)
                {
                    var share = 1f / (rows * Math.Min(factor, picture.Width - (sx / factor * factor)));
                    var alpha = row[(sx * 4) + 3];
                    var at = (y * width) + (sx / factor);
                    canvas.Red.Values[at] += share * ((row[sx * 4] * alpha) + 1 - alpha);
                    canvas.Green.Values[at] += share * ((row[(sx * 4) + 1] * alpha) + 1 - alpha);
                    canvas.Blue.Values[at] += share * ((row[(sx * 4) + 2] * alpha) + 1 - alpha);
                }
            }
            ArrayPool<float>.Shared.Return(row);
        }, cancellationToken);
        return canvas.Within(MostPixels, cancellationToken);
    }

    /// <summary>An empty canvas.</summary>
    public static Canvas Blank(int width, int height) => new(new Plane(width, height), new Plane(width, height), new Plane(width, height));

    /// <summary>The canvas with every plane made anew.</summary>
    public Canvas Each(Func<Plane, Plane> plane) => new(plane(Red), plane(Green), plane(Blue));

    /// <summary>The canvas at another size.</summary>
    public Canvas Resized(int width, int height, CancellationToken cancellationToken) => Each(plane => plane.Resized(width, height, cancellationToken));

    /// <summary>The canvas with at most about this many pixels.</summary>
    public Canvas Within(int pixels, CancellationToken cancellationToken)
    {
        var factor = Math.Sqrt((double)pixels / ((long)Width * Height));
        return factor >= 1 ? this : Resized(Math.Max(1, (int)(Width * factor)), Math.Max(1, (int)(Height * factor)), cancellationToken);
    }

    /// <summary>The luma (Rec. 709 weights on the encoded values).</summary>
    public Plane Luma(CancellationToken cancellationToken)
    {
        var luma = new Plane(Width, Height);
        Plane.ForRows(Height, y =>
        {
            var r = Red.Row(y);
            var g = Green.Row(y);
            var b = Blue.Row(y);
            var to = luma.Row(y);
            for (var x = 0; x < to.Length; x++)
            {
                to[x] = (0.2126f * r[x]) + (0.7152f * g[x]) + (0.0722f * b[x]);
            }
        }, cancellationToken);
        return luma;
    }

    /// <summary>Writes one row of a picture's size, enlarged where the canvas is smaller; opacity stays.</summary>
    /// <param name="y">Which row of the picture.</param>
    /// <param name="height">The picture's height.</param>
    /// <param name="row">The picture's row, <c>[width, 4]</c>.</param>
    public void WriteRow(int y, int height, Span<float> row)
    {
        var width = row.Length / SourcePicture.Channels;
        var (sx, sy) = ((float)Width / width, (float)Height / height);
        var same = Width == width && Height == height;
        for (var x = 0; x < width; x++)
        {
            var to = row.Slice(x * SourcePicture.Channels, 3);
            if (same)
            {
                var at = (y * Width) + x;
                (to[0], to[1], to[2]) = (Red.Values[at], Green.Values[at], Blue.Values[at]);
                continue;
            }
            var (px, py) = (((x + 0.5f) * sx) - 0.5f, ((y + 0.5f) * sy) - 0.5f);
            (to[0], to[1], to[2]) = (Red.Sample(px, py), Green.Sample(px, py), Blue.Sample(px, py));
        }
    }
}
