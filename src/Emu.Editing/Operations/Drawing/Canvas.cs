using System.Buffers;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Drawing;

/// <summary>A picture's colours as numbers from 0 to 1, over white paper: what the drawing filters work on.</summary>
internal sealed class Canvas(Plane red, Plane green, Plane blue)
{
    /// <summary>The pixels a filter works on at most; larger pictures are drawn smaller and enlarged.</summary>
    public const int MostPixels = 13_000_000;

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
        var factor = 1;
        while ((long)(picture.Width / factor) * (picture.Height / factor) > MostPixels)
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
        return canvas;
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

    /// <summary>Writes the colours in a picture's size and depth; its opacity and metadata stay.</summary>
    public SourcePicture Write(SourcePicture picture, CancellationToken cancellationToken)
    {
        var bytes = new byte[picture.Bytes.Length];
        var (sx, sy) = ((float)Width / picture.Width, (float)Height / picture.Height);
        var same = Width == picture.Width && Height == picture.Height;
        Plane.ForRows(picture.Height, y =>
        {
            var row = ArrayPool<float>.Shared.Rent(picture.Width * SourcePicture.Channels);
            var values = row.AsSpan(0, picture.Width * SourcePicture.Channels);
            picture.ReadRow(y, values);
            for (var x = 0; x < picture.Width; x++)
            {
                if (same)
                {
                    var at = (y * Width) + x;
                    (values[x * 4], values[(x * 4) + 1], values[(x * 4) + 2]) = (Red.Values[at], Green.Values[at], Blue.Values[at]);
                    continue;
                }
                var (px, py) = (((x + 0.5f) * sx) - 0.5f, ((y + 0.5f) * sy) - 0.5f);
                (values[x * 4], values[(x * 4) + 1], values[(x * 4) + 2]) = (Red.Sample(px, py), Green.Sample(px, py), Blue.Sample(px, py));
            }
            var length = picture.Width * picture.BytesPerPixel;
            SourcePicture.WriteRow(values, picture.Bits, bytes.AsSpan(y * length, length));
            ArrayPool<float>.Shared.Return(row);
        }, cancellationToken);
        return SourcePicture.Create(picture.Width, picture.Height, picture.Bits, picture.Metadata, bytes, static (to, from) => from.CopyTo(to));
    }
}
