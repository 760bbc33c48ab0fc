using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Emu.Editing.Composition;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Color;

/// <summary>Sharpens and blurs; alpha stays.</summary>
internal sealed class SharpnessOperator : IEditOperator<Sharpen>, IEditOperator<Blur>
{
    /// <summary>Cells in a standard deviation: fewer would show.</summary>
    private const int CellsADeviation = 3;

    /// <summary>How far sharpening goes at full strength.</summary>
    private const float MostSharpening = 1.5f;

    /// <inheritdoc/>
    /// <remarks>Unsharp masking: the difference from a Gaussian mean is added, whose deviation is a thousandth of the shorter side, 0.8 to 2.5 pixels.</remarks>
    public Task<EditResult> ApplyAsync(EditContext context, Sharpen operation, CancellationToken cancellationToken)
    {
        var picture = context.Picture;
        var deviation = Math.Clamp(Math.Min(picture.Width, picture.Height) / 1000f, 0.8f, 2.5f);
        var taps = GridBlurs.GaussianTaps(deviation);
        var amount = MostSharpening * (float)operation.Amount;
        return Task.Run(
            () => new EditResult(RegionEdit.Apply(picture, context.Region, (y, row) => SharpenRow(picture, y, taps, amount, row), cancellationToken), context.Region),
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>A Gaussian mean of the region alone, in light; its deviation is up to a fiftieth of the shorter side.</remarks>
    public Task<EditResult> ApplyAsync(EditContext context, Blur operation, CancellationToken cancellationToken)
    {
        var (picture, region) = (context.Picture, context.Region);
        var deviation = Math.Max(0.5f, (float)operation.Amount * Math.Min(picture.Width, picture.Height) / 50);
        var side = Math.Max(1, (int)(deviation / CellsADeviation));
        return Task.Run(
            () =>
            {
                var grid = ColorGrid.Read(
                    picture,
                    side,
                    (y, weights) =>
                    {
                        weights.Fill(1);
                        for (var x = 0; region is not null && x < weights.Length; x++)
                        {
                            weights[x] = region.Row(y)[x] / 255f;
                        }
                    },
                    isLight: true,
                    cancellationToken).ByGaussian(deviation / side, cancellationToken);
                return new EditResult(RegionEdit.Apply(picture, region, (y, row) => SampleRow(grid, y, row), cancellationToken), region);
            },
            cancellationToken);
    }

    private static void SampleRow(ColorGrid grid, int y, Span<float> row)
    {
        var pixels = MemoryMarshal.Cast<float, Vector4>(row);
        for (var x = 0; x < pixels.Length; x++)
        {
            if (grid.Sample(x, y) is { W: > 0 } mean)
            {
                pixels[x] = mean with { W = pixels[x].W };
            }
        }
    }

    private static void SharpenRow(SourcePicture picture, int y, float[] taps, float amount, Span<float> row)
    {
        var (width, reach) = (picture.Width, taps.Length - 1);
        var rented = ArrayPool<float>.Shared.Rent(2 * row.Length);
        var line = rented.AsSpan(0, row.Length);
        var means = MemoryMarshal.Cast<float, Vector4>(rented.AsSpan(row.Length, row.Length));
        means.Clear();
        for (var k = -reach; k <= reach; k++)
        {
            picture.ReadRow(Math.Clamp(y + k, 0, picture.Height - 1), line);
            var pixels = MemoryMarshal.Cast<float, Vector4>(line);
            for (var x = 0; x < width; x++)
            {
                means[x] += pixels[x] * taps[Math.Abs(k)];
            }
        }
        var sharp = MemoryMarshal.Cast<float, Vector4>(row);
        for (var x = 0; x < width; x++)
        {
            var mean = means[x] * taps[0];
            for (var k = 1; k <= reach; k++)
            {
                mean += (means[Math.Max(x - k, 0)] + means[Math.Min(x + k, width - 1)]) * taps[k];
            }
            var pixel = sharp[x];
            sharp[x] = (pixel + ((pixel - mean) * amount)) with { W = pixel.W };
        }
        ArrayPool<float>.Shared.Return(rented);
    }
}
