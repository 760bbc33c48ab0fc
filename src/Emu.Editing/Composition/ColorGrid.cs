using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Emu.Media.Pictures;

namespace Emu.Editing.Composition;

/// <summary>Says how much each pixel of a row counts.</summary>
/// <param name="y">Which row.</param>
/// <param name="weights">0 (not at all) to 1, <c>[width]</c>; filled.</param>
internal delegate void RowWeights(int y, Span<float> weights);

/// <summary>
/// The weighed colours of a picture on a coarse grid, whose cells are squares of pixels: each cell holds red, green and blue
/// times weight, and weight. Means over cells divided by their weight are means over what counts alone (normalised convolution,
/// Knutsson and Westin 1993), so that nothing of other pixels bleeds in.
/// </summary>
internal sealed class ColorGrid
{
    private readonly Vector4[] _cells;
    private readonly bool _isLight;

    private ColorGrid(int width, int height, int side, Vector4[] cells, bool isLight)
    {
        (Width, Height, Side) = (width, height, side);
        _cells = cells;
        _isLight = isLight;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Pixels along a cell's side.</summary>
    public int Side { get; }

    /// <summary>The cells, <c>[height, width]</c>.</summary>
    public ReadOnlySpan<Vector4> Cells => _cells;

    /// <summary>Reads a picture.</summary>
    /// <param name="picture">The picture; transparent pixels count by their alpha.</param>
    /// <param name="side">Pixels along a cell's side, at least 1.</param>
    /// <param name="weights">What counts.</param>
    /// <param name="isLight">Whether means are those of light instead of samples.</param>
    /// <param name="cancellationToken">Stops at the next row.</param>
    public static ColorGrid Read(SourcePicture picture, int side, RowWeights weights, bool isLight, CancellationToken cancellationToken)
    {
        var (width, height) = ((picture.Width + side - 1) / side, (picture.Height + side - 1) / side);
        var cells = new Vector4[width * height];
        Rows.ForEach(
            height,
            row =>
            {
                var rented = ArrayPool<float>.Shared.Rent(picture.Width * 5);
                var samples = rented.AsSpan(0, picture.Width * 4);
                var pixels = MemoryMarshal.Cast<float, Vector4>(samples);
                var shares = rented.AsSpan(picture.Width * 4, picture.Width);
                var line = cells.AsSpan(row * width, width);
                for (var y = row * side; y < Math.Min(picture.Height, (row + 1) * side); y++)
                {
                    weights(y, shares);
                    if (!shares.ContainsAnyExcept(0f))
                    {
                        continue;
                    }
                    picture.ReadRow(y, samples);
                    for (int x = 0, cell = 0; x < pixels.Length; cell++)
                    {
                        var sum = line[cell];
                        for (var end = Math.Min(pixels.Length, x + side); x < end; x++)
                        {
                            var pixel = isLight ? LightCurve.Decode(pixels[x]) : pixels[x];
                            var share = shares[x] * pixel.W;
                            pixel.W = 1;
                            sum += pixel * share;
                        }
                        line[cell] = sum;
                    }
                }
                ArrayPool<float>.Shared.Return(rented);
                for (var cell = 0; cell < width; cell++)
                {
                    // Cells at the right and lower border have fewer pixels.
                    line[cell] /= Math.Min(side, picture.Width - (cell * side)) * Math.Min(side, picture.Height - (row * side));
                }
            },
            cancellationToken);
        return new ColorGrid(width, height, side, cells, isLight);
    }

    /// <summary>A grid of the same shape with other cells.</summary>
    public ColorGrid With(Vector4[] cells) => new(Width, Height, Side, cells, _isLight);

    /// <summary>The grid with hardly any weight in cells that touch one of little weight: a mask that is a little too tight lets others' colours through there.</summary>
    public ColorGrid Eroded(CancellationToken cancellationToken)
    {
        var eroded = new Vector4[_cells.Length];
        Rows.ForEach(
            Height,
            y =>
            {
                for (var x = 0; x < Width; x++)
                {
                    var least = 1f;
                    for (var row = Math.Max(0, y - 1); row <= Math.Min(Height - 1, y + 1); row++)
                    {
                        for (var column = Math.Max(0, x - 1); column <= Math.Min(Width - 1, x + 1); column++)
                        {
                            least = Math.Min(least, _cells[(row * Width) + column].W);
                        }
                    }
                    eroded[(y * Width) + x] = _cells[(y * Width) + x] * (least > 0.98f ? 1 : least * least * 0.02f);
                }
            },
            cancellationToken);
        return With(eroded);
    }

    /// <summary>The mean colour at a pixel, its fourth number 1; nothing where no weight is near.</summary>
    public Vector4 Sample(int x, int y)
    {
        var (column, row) = (Math.Clamp(((x + 0.5f) / Side) - 0.5f, 0, Width - 1), Math.Clamp(((y + 0.5f) / Side) - 0.5f, 0, Height - 1));
        var (left, top) = ((int)column, (int)row);
        var (right, bottom) = (Math.Min(left + 1, Width - 1), Math.Min(top + 1, Height - 1));
        var (u, v) = (column - left, row - top);
        var above = Vector4.Lerp(_cells[(top * Width) + left], _cells[(top * Width) + right], u);
        var below = Vector4.Lerp(_cells[(bottom * Width) + left], _cells[(bottom * Width) + right], u);
        var mean = Vector4.Lerp(above, below, v);
        if (mean.W <= 1e-7f)
        {
            return default;
        }
        mean /= mean.W;
        return _isLight ? LightCurve.Encode(mean) : mean;
    }
}
