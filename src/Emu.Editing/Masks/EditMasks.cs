using System.Buffers;
using Emu.Media.Pictures;

namespace Emu.Editing.Masks;

/// <summary>Operations on masks. None changes its argument.</summary>
public static class EditMasks
{
    /// <summary>The pixels that do not belong to the region.</summary>
    public static EditMask Invert(this EditMask mask) => Map(mask, static value => (byte)(255 - value));

    /// <summary>Wholly or not at all.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="from">The least value that belongs to the region, 1 to 255; 128 by default.</param>
    public static EditMask Threshold(this EditMask mask, int from = 128)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, 255);
        return Map(mask, value => value >= from ? (byte)255 : (byte)0);
    }

    /// <summary>What belongs to either region, by the greater value.</summary>
    public static EditMask Union(this EditMask mask, EditMask other) => Combine(mask, other, static (a, b) => Math.Max(a, b));

    /// <summary>What belongs to both regions, by the smaller value.</summary>
    public static EditMask Intersect(this EditMask mask, EditMask other) => Combine(mask, other, static (a, b) => Math.Min(a, b));

    /// <summary>The region with a margin; the new edge is a circle's around every pixel of at least half, soft over one pixel.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="pixels">The margin; a negative one shrinks.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static EditMask Grow(this EditMask mask, double pixels, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (pixels < 0)
        {
            return mask.Invert().Grow(-pixels, cancellationToken).Invert();
        }
        var distances = DistanceTransform.ToRegion(mask, (float)Math.Ceiling(pixels) + 2, cancellationToken);
        return EditMask.CreateByRows(
            mask.Width,
            mask.Height,
            (y, row) =>
            {
                var old = mask.Row(y);
                for (var x = 0; x < row.Length; x++)
                {
                    var ramp = Math.Clamp(pixels + 0.5 - distances[(y * row.Length) + x], 0, 1);
                    row[x] = Math.Max(old[x], (byte)((ramp * 255) + 0.5));
                }
            },
            cancellationToken);
    }

    /// <summary>The region with soft edges: three means in a row, which come close to a Gaussian.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="radius">Its standard deviation in pixels, 0 to 1,000.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static EditMask Feather(this EditMask mask, double radius, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(radius, 1000);
        // Three means of width 2r + 1 have the variance of a Gaussian where r(r + 1) is its variance.
        var reach = (int)Math.Round((Math.Sqrt(1 + (4 * radius * radius)) - 1) / 2);
        for (var pass = 0; pass < 3 && reach > 0; pass++)
        {
            mask = MeanAlongColumns(MeanAlongRows(mask, reach, cancellationToken), reach, cancellationToken);
        }
        return mask;
    }

    /// <summary>The smallest box around all pixels above a value; null if there are none.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="above">The value; by default pixels count that belong at least by half.</param>
    public static (int X, int Y, int Width, int Height)? BoundingBox(this EditMask mask, byte above = 127)
    {
        ArgumentNullException.ThrowIfNull(mask);
        var (left, right, top, bottom) = (int.MaxValue, -1, -1, -1);
        for (var y = 0; y < mask.Height; y++)
        {
            var row = mask.Row(y);
            var first = row.IndexOfAnyInRange((byte)Math.Min(above + 1, 255), (byte)255);
            if (first < 0)
            {
                continue;
            }
            (top, bottom) = (top < 0 ? y : top, y);
            (left, right) = (Math.Min(left, first), Math.Max(right, row.LastIndexOfAnyInRange((byte)Math.Min(above + 1, 255), (byte)255)));
        }
        return bottom < 0 ? null : (left, top, right - left + 1, bottom - top + 1);
    }

    /// <summary>
    /// A mask that was painted: white belongs to the region, black does not. If the picture has transparent parts, then those
    /// are the region instead, as in OpenAI's image edits.
    /// </summary>
    public static EditMask FromPicture(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return EditMask.CreateByRows(picture.Width, picture.Height, (y, row) =>
        {
            var samples = picture.Row(y);
            for (int x = 0, s = 0; x < row.Length; x++, s += Picture.Channels)
            {
                row[x] = picture.HasTransparency
                    ? (byte)(255 - samples[s + 3])
                    : (byte)(((samples[s] * 299) + (samples[s + 1] * 587) + (samples[s + 2] * 114) + 500) / 1000);
            }
        });
    }

    /// <summary>The mask as a grey, opaque picture: white belongs to the region.</summary>
    public static Picture ToPicture(this EditMask mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return Picture.Create(mask.Width, mask.Height, mask, static (samples, mask) =>
        {
            for (var i = 0; i < mask.Values.Length; i++)
            {
                samples.Slice(i * Picture.Channels, 3).Fill(mask.Values[i]);
                samples[(i * Picture.Channels) + 3] = 255;
            }
        });
    }

    private static EditMask Map(EditMask mask, Func<byte, byte> map)
    {
        ArgumentNullException.ThrowIfNull(mask);
        var table = new byte[256];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = map((byte)i);
        }
        return EditMask.CreateByRows(mask.Width, mask.Height, (y, row) =>
        {
            var old = mask.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] = table[old[x]];
            }
        });
    }

    private static EditMask Combine(EditMask mask, EditMask other, Func<byte, byte, byte> combine)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(other);
        if (mask.Width != other.Width || mask.Height != other.Height)
        {
            throw new ArgumentException($"A mask of {mask.Width}x{mask.Height} does not fit one of {other.Width}x{other.Height}.", nameof(other));
        }
        return EditMask.CreateByRows(mask.Width, mask.Height, (y, row) =>
        {
            var first = mask.Row(y);
            var second = other.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] = combine(first[x], second[x]);
            }
        });
    }

    private static EditMask MeanAlongRows(EditMask mask, int reach, CancellationToken cancellationToken) =>
        EditMask.CreateByRows(mask.Width, mask.Height, (y, row) => Mean(mask.Row(y), row, reach), cancellationToken);

    /// <summary>A running mean; beyond the borders their values go on.</summary>
    private static void Mean(ReadOnlySpan<byte> from, Span<byte> to, int reach)
    {
        var (last, width) = (from.Length - 1, (2 * reach) + 1);
        var sum = from[0] * (reach + 1);
        for (var x = 1; x <= reach; x++)
        {
            sum += from[Math.Min(x, last)];
        }
        for (var x = 0; x <= last; x++)
        {
            to[x] = (byte)((sum + reach) / width);
            sum += from[Math.Min(x + reach + 1, last)] - from[Math.Max(x - reach, 0)];
        }
    }

    private static EditMask MeanAlongColumns(EditMask mask, int reach, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return EditMask.Create(mask.Width, mask.Height, (mask, reach), static (values, state) =>
        {
            var (mask, reach) = state;
            var (last, size) = (mask.Height - 1, (2 * reach) + 1);
            var rented = ArrayPool<int>.Shared.Rent(mask.Width);
            var sums = rented.AsSpan(0, mask.Width);
            sums.Clear();
            for (var y = -reach; y <= reach; y++)
            {
                Add(mask.Row(Math.Clamp(y, 0, last)), sums, 1);
            }
            for (var y = 0; y <= last; y++)
            {
                var row = values.Slice(y * mask.Width, mask.Width);
                for (var x = 0; x < row.Length; x++)
                {
                    row[x] = (byte)((sums[x] + reach) / size);
                }
                Add(mask.Row(Math.Min(y + reach + 1, last)), sums, 1);
                Add(mask.Row(Math.Max(y - reach, 0)), sums, -1);
            }
            ArrayPool<int>.Shared.Return(rented);
        });

        static void Add(ReadOnlySpan<byte> row, Span<int> sums, int sign)
        {
            for (var x = 0; x < sums.Length; x++)
            {
                sums[x] += sign * row[x];
            }
        }
    }
}
