using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Emu.Editing.Composition;
using Emu.Editing.Operations.Color;
using Emu.Media.Pictures;

namespace Emu.Editing.Masks;

/// <summary>
/// Enlarges a mask along the edges of the picture that it belongs to (He and Sun, "Fast guided filter", arXiv:1505.00996): at the
/// mask's size it is written, around each pixel, as a linear function of luma; the functions are enlarged and applied to the
/// picture's own luma.
/// </summary>
internal static class GuidedUpsampling
{
    /// <summary>Pixels, at the mask's size, to each side over which a function holds.</summary>
    private const int Reach = 4;

    /// <summary>Variance of luma below which a surface counts as flat.</summary>
    private const float Flat = 4e-4f;

    /// <summary>Values nearer than this to nothing or everything become that: flat parts are to be wholly in or out.</summary>
    private const float Slack = 0.06f;

    /// <summary>Enlarges a mask.</summary>
    /// <param name="mask">0 to 1, <c>[height, width]</c>.</param>
    /// <param name="width">The mask's width.</param>
    /// <param name="height">The mask's height.</param>
    /// <param name="picture">The picture, of any shape: the mask covers all of it.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static EditMask Enlarge(float[] mask, int width, int height, SourcePicture picture, CancellationToken cancellationToken)
    {
        var luma = Luma(picture, width, height, cancellationToken);
        // Means of luma, mask, their product and luma's square.
        var moments = new Vector4[mask.Length];
        for (var i = 0; i < moments.Length; i++)
        {
            moments[i] = new Vector4(luma[i], mask[i], luma[i] * mask[i], luma[i] * luma[i]);
        }
        moments = Mean(moments, width, height, cancellationToken);
        for (var i = 0; i < moments.Length; i++)
        {
            var mean = moments[i];
            var slope = (mean.Z - (mean.X * mean.Y)) / (mean.W - (mean.X * mean.X) + Flat);
            moments[i] = new Vector4(slope, mean.Y - (slope * mean.X), 0, 0);
        }
        var lines = Mean(moments, width, height, cancellationToken);
        return EditMask.CreateByRows(
            picture.Width,
            picture.Height,
            (y, row) =>
            {
                var rented = ArrayPool<float>.Shared.Rent(picture.Width * SourcePicture.Channels);
                var samples = rented.AsSpan(0, picture.Width * SourcePicture.Channels);
                picture.ReadRow(y, samples);
                var pixels = MemoryMarshal.Cast<float, Vector4>(samples);
                var (down, from) = Place(y, picture.Height, height);
                var above = lines.AsSpan(from * width, width);
                var below = lines.AsSpan(Math.Min(from + 1, height - 1) * width, width);
                for (var x = 0; x < row.Length; x++)
                {
                    var (across, left) = Place(x, picture.Width, width);
                    var right = Math.Min(left + 1, width - 1);
                    var line = Vector4.Lerp(Vector4.Lerp(above[left], above[right], across), Vector4.Lerp(below[left], below[right], across), down);
                    var value = (line.X * ColorFormulas.Luma(pixels[x])) + line.Y;
                    row[x] = (byte)SourcePicture.ToSample((value - Slack) / (1 - (2 * Slack)), 255);
                }
                ArrayPool<float>.Shared.Return(rented);
            },
            cancellationToken);
    }

    /// <summary>Where a pixel lies among coarser ones: the one before, and how far to the next.</summary>
    private static (float Share, int First) Place(int at, int length, int coarse)
    {
        var place = Math.Clamp(((at + 0.5f) * coarse / length) - 0.5f, 0, coarse - 1);
        return (place - (int)place, (int)place);
    }

    /// <summary>The picture's luma at the mask's size: the mean over what each pixel of the mask covers.</summary>
    private static float[] Luma(SourcePicture picture, int width, int height, CancellationToken cancellationToken)
    {
        var luma = new float[width * height];
        Rows.ForEach(
            height,
            row =>
            {
                var rented = ArrayPool<float>.Shared.Rent((picture.Width * SourcePicture.Channels) + picture.Width);
                var samples = rented.AsSpan(0, picture.Width * SourcePicture.Channels);
                var sums = rented.AsSpan(samples.Length, picture.Width);
                sums.Clear();
                var first = (int)((long)row * picture.Height / height);
                var last = Math.Max(first + 1, (int)((long)(row + 1) * picture.Height / height));
                for (var y = first; y < last; y++)
                {
                    picture.ReadRow(y, samples);
                    var pixels = MemoryMarshal.Cast<float, Vector4>(samples);
                    for (var x = 0; x < sums.Length; x++)
                    {
                        sums[x] += ColorFormulas.Luma(pixels[x]);
                    }
                }
                for (var column = 0; column < width; column++)
                {
                    var left = (int)((long)column * picture.Width / width);
                    var right = Math.Max(left + 1, (int)((long)(column + 1) * picture.Width / width));
                    var sum = 0f;
                    foreach (var value in sums[left..right])
                    {
                        sum += value;
                    }
                    luma[(row * width) + column] = sum / ((right - left) * (last - first));
                }
                ArrayPool<float>.Shared.Return(rented);
            },
            cancellationToken);
        return luma;
    }

    /// <summary>Means over squares, cut off at the borders.</summary>
    private static Vector4[] Mean(Vector4[] values, int width, int height, CancellationToken cancellationToken)
    {
        var (along, means) = (new Vector4[values.Length], new Vector4[values.Length]);
        Rows.ForEach(
            height,
            y =>
            {
                var row = values.AsSpan(y * width, width);
                for (var x = 0; x < width; x++)
                {
                    var (sum, left, right) = (Vector4.Zero, Math.Max(0, x - Reach), Math.Min(width, x + Reach + 1));
                    foreach (var value in row[left..right])
                    {
                        sum += value;
                    }
                    along[(y * width) + x] = sum / (right - left);
                }
            },
            cancellationToken);
        Rows.ForEach(
            height,
            y =>
            {
                var (top, bottom) = (Math.Max(0, y - Reach), Math.Min(height, y + Reach + 1));
                var row = means.AsSpan(y * width, width);
                for (var line = top; line < bottom; line++)
                {
                    for (var x = 0; x < width; x++)
                    {
                        row[x] += along[(line * width) + x] / (bottom - top);
                    }
                }
            },
            cancellationToken);
        return means;
    }
}
