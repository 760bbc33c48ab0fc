using System.Numerics;
using System.Runtime.CompilerServices;

namespace Emu.Media.Codecs.Png;

/// <summary>
/// Filters rows for PNG (ISO/IEC 15948, clause 9): of the five filters the one whose result has the least sum of absolute
/// values (clause 12.8), which compresses best. Not safe for concurrent use.
/// </summary>
internal sealed class PngRowFilter
{
    private const int Filters = 5;

    /// <summary>So many vectors of absolute values, at most 128 each, add up in 16 bits.</summary>
    private const int BlockVectors = 255;

    private readonly int _pixelBytes;
    private readonly int _rowBytes;
    private readonly byte[] _candidates;

    /// <summary>Makes room for rows of one length.</summary>
    /// <param name="pixelBytes">Bytes of a pixel.</param>
    /// <param name="rowBytes">Bytes of a row.</param>
    public PngRowFilter(int pixelBytes, int rowBytes)
    {
        (_pixelBytes, _rowBytes) = (pixelBytes, rowBytes);
        _candidates = new byte[Filters * rowBytes];
    }

    /// <summary>Filters a row.</summary>
    /// <param name="row">The row, with a pixel of zeros before it.</param>
    /// <param name="above">The row above it, zeros if there is none; with a pixel of zeros before it.</param>
    /// <param name="filtered">Filled: the filter's number, then the row.</param>
    public void Filter(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> filtered)
    {
        Apply(row, above, _candidates, _pixelBytes, _rowBytes);
        var (best, least) = (0, long.MaxValue);
        for (var filter = 0; filter < Filters; filter++)
        {
            var sum = AbsoluteSum(_candidates.AsSpan(filter * _rowBytes, _rowBytes));
            (best, least) = sum < least ? (filter, sum) : (best, least);
        }
        filtered[0] = (byte)best;
        _candidates.AsSpan(best * _rowBytes, _rowBytes).CopyTo(filtered[1..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> candidates, int pixel, int length)
    {
        var current = row.Slice(pixel, length);
        var left = row[..length];
        var up = above.Slice(pixel, length);
        var corner = above[..length];
        var sub = candidates.Slice(length, length);
        var upward = candidates.Slice(2 * length, length);
        var average = candidates.Slice(3 * length, length);
        var paeth = candidates.Slice(4 * length, length);
        current.CopyTo(candidates);
        var i = 0;
        for (; i <= length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            var (x, a, b, c) = (new Vector<byte>(current[i..]), new Vector<byte>(left[i..]), new Vector<byte>(up[i..]), new Vector<byte>(corner[i..]));
            (x - a).CopyTo(sub[i..]);
            (x - b).CopyTo(upward[i..]);
            // Half the sum, rounded down, without a ninth bit.
            (x - ((a & b) + (((a ^ b) >>> 1) & new Vector<byte>(0x7f)))).CopyTo(average[i..]);
            (x - Paeth(a, b, c)).CopyTo(paeth[i..]);
        }
        for (; i < length; i++)
        {
            var (x, a, b, c) = (current[i], left[i], up[i], corner[i]);
            sub[i] = (byte)(x - a);
            upward[i] = (byte)(x - b);
            average[i] = (byte)(x - ((a + b) >> 1));
            var (toLeft, toUp, toCorner) = (Math.Abs(b - c), Math.Abs(a - c), Math.Abs(a + b - (2 * c)));
            paeth[i] = (byte)(x - (toLeft <= toUp && toLeft <= toCorner ? a : toUp <= toCorner ? b : c));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<byte> Paeth(Vector<byte> a, Vector<byte> b, Vector<byte> c)
    {
        Vector.Widen(a, out var a0, out var a1);
        Vector.Widen(b, out var b0, out var b1);
        Vector.Widen(c, out var c0, out var c1);
        return Vector.Narrow(Paeth(a0, b0, c0), Paeth(a1, b1, c1));
    }

    /// <summary>Whichever of left, above and corner is nearest to left + above − corner; ties in that order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<ushort> Paeth(Vector<ushort> left, Vector<ushort> above, Vector<ushort> corner)
    {
        var (a, b, c) = (Vector.AsVectorInt16(left), Vector.AsVectorInt16(above), Vector.AsVectorInt16(corner));
        var (toLeft, toUp, toCorner) = (Vector.Abs(b - c), Vector.Abs(a - c), Vector.Abs(a + b - c - c));
        var isLeft = Vector.LessThanOrEqual(toLeft, toUp) & Vector.LessThanOrEqual(toLeft, toCorner);
        return Vector.AsVectorUInt16(Vector.ConditionalSelect(isLeft, a, Vector.ConditionalSelect(Vector.LessThanOrEqual(toUp, toCorner), b, c)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long AbsoluteSum(ReadOnlySpan<byte> values)
    {
        var (sum, i) = (0L, 0);
        while (i <= values.Length - Vector<byte>.Count)
        {
            var sums = Vector<ushort>.Zero;
            for (var vectors = 0; vectors < BlockVectors && i <= values.Length - Vector<byte>.Count; vectors++, i += Vector<byte>.Count)
            {
                var value = new Vector<byte>(values[i..]);
                Vector.Widen(Vector.Min(value, Vector<byte>.Zero - value), out var low, out var high);
                sums += low + high;
            }
            Vector.Widen(sums, out var first, out var second);
            sum += Vector.Sum(first + second);
        }
        for (; i < values.Length; i++)
        {
            sum += Math.Min(values[i], 256 - values[i]);
        }
        return sum;
    }
}
