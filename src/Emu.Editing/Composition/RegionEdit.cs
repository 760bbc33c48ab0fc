using System.Buffers;
using Emu.Editing.Masks;
using Emu.Media.Pictures;

namespace Emu.Editing.Composition;

/// <summary>Edits one row in place.</summary>
/// <param name="y">Which, from the top.</param>
/// <param name="row">Its samples as numbers from 0 to 1, <c>[width, 4]</c>.</param>
public delegate void RowEdit(int y, Span<float> row);

/// <summary>Edits a region of a picture row by row, in float, on all cores: samples keep their depth.</summary>
public static class RegionEdit
{
    /// <summary>The picture with an edit mixed in as far as each pixel belongs to the region; other pixels are copied.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="region">Where; null for everywhere.</param>
    /// <param name="edit">Edits a row; called only for rows that the region touches, from several threads.</param>
    /// <param name="cancellationToken">Stops at the next row.</param>
    public static SourcePicture Apply(SourcePicture picture, EditMask? region, RowEdit edit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(edit);
        return SourcePicture.CreateByRows(
            picture.Width,
            picture.Height,
            picture.Bits,
            picture.Metadata,
            (y, bytes) =>
            {
                var first = region is null ? 0 : region.Row(y).IndexOfAnyExcept((byte)0);
                if (first < 0)
                {
                    picture.RowBytes(y).CopyTo(bytes);
                    return;
                }
                var length = picture.Width * SourcePicture.Channels;
                var rented = ArrayPool<float>.Shared.Rent(2 * length);
                var before = rented.AsSpan(0, length);
                var row = rented.AsSpan(length, length);
                picture.ReadRow(y, before);
                before.CopyTo(row);
                edit(y, row);
                if (region is not null)
                {
                    Mix(before, row, region.Row(y));
                }
                SourcePicture.WriteRow(row, picture.Bits, bytes);
                ArrayPool<float>.Shared.Return(rented);
            },
            cancellationToken);
    }

    private static void Mix(ReadOnlySpan<float> before, Span<float> row, ReadOnlySpan<byte> mask)
    {
        for (int x = 0, s = 0; x < mask.Length; x++, s += SourcePicture.Channels)
        {
            if (mask[x] == 255)
            {
                continue;
            }
            var old = before.Slice(s, SourcePicture.Channels);
            var now = row.Slice(s, SourcePicture.Channels);
            if (mask[x] == 0)
            {
                old.CopyTo(now);
                continue;
            }
            var share = mask[x] / 255f;
            for (var c = 0; c < now.Length; c++)
            {
                now[c] = old[c] + ((now[c] - old[c]) * share);
            }
        }
    }
}
