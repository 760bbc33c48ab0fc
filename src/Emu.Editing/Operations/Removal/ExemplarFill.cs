using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Removal;

/// <summary>Fills a hole in a picture with what lies around it, from coarse to fine.</summary>
internal static class ExemplarFill
{
    /// <summary>Patches are looked for at most at this many pixels of the part around the hole; larger parts are copied by what was found at a smaller size.</summary>
    private const int SearchedPixels = 3_000_000;

    /// <summary>The coarsest level's shorter side.</summary>
    private const int CoarsestSide = 40;

    /// <summary>The picture with its hole filled by known samples of its own, mixed at seams.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="hole">Every pixel above 0 is filled.</param>
    /// <param name="seed">Random numbers are drawn from it.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="EditException">The hole leaves too little of the picture.</exception>
    public static SourcePicture Fill(SourcePicture picture, EditMask hole, long seed, CancellationToken cancellationToken)
    {
        if (hole.BoundingBox(above: 0) is not { } box)
        {
            return picture;
        }
        var part = Around(box, picture.Width, picture.Height);
        var scale = Math.Max(1, (int)Math.Ceiling(Math.Sqrt((double)part.Width * part.Height / SearchedPixels)));
        List<FillLevel> levels = [Read(picture, hole, part, scale, cancellationToken)];
        while (Math.Min(levels[^1].Width, levels[^1].Height) >= 2 * CoarsestSide && levels[^1].Half() is { Sources.Length: > 0 } half)
        {
            levels.Add(half);
        }
        if (levels[^1].Sources.Length == 0)
        {
            throw new EditException("The region is too large to be filled from what lies around it: hardly anything else is left of the picture. Choose a smaller region.");
        }
        var search = new PatchSearch(levels[^1], seed);
        for (var i = levels.Count - 1; i >= 0; i--)
        {
            search = new PatchSearch(levels[i], seed);
            if (i == levels.Count - 1)
            {
                levels[i].Guess();
                search.Start();
            }
            else
            {
                search.StartFrom(levels[i + 1]);
                search.Measure(cancellationToken);
                search.Vote(cancellationToken);
            }
            Settle(search, levels[i], rounds: i == levels.Count - 1 ? 14 : Math.Max(2, 2 * i), cancellationToken);
        }
        return Write(picture, hole, part, scale, levels[0], search, cancellationToken);
    }

    /// <summary>Looks and fills in turns, until little changes.</summary>
    private static void Settle(PatchSearch search, FillLevel level, int rounds, CancellationToken cancellationToken)
    {
        for (var round = 0; round < rounds; round++)
        {
            search.Measure(cancellationToken);
            search.Improve(2 * round, Math.Max(level.Width, level.Height) / 2, cancellationToken);
            search.Improve((2 * round) + 1, 8, cancellationToken);
            search.Vote(cancellationToken);
        }
        search.Measure(cancellationToken);
    }

    /// <summary>The hole's box with a margin as wide as the hole, but at least a sixth of the picture.</summary>
    private static (int X, int Y, int Width, int Height) Around((int X, int Y, int Width, int Height) box, int width, int height)
    {
        var margin = Math.Max(Math.Max(box.Width, box.Height) * 3 / 4, Math.Max(64, Math.Max(width, height) / 6));
        var (left, top) = (Math.Max(0, box.X - margin), Math.Max(0, box.Y - margin));
        return (left, top, Math.Min(width, box.X + box.Width + margin) - left, Math.Min(height, box.Y + box.Height + margin) - top);
    }

    private static FillLevel Read(SourcePicture picture, EditMask hole, (int X, int Y, int Width, int Height) part, int scale, CancellationToken cancellationToken)
    {
        var (width, height) = ((part.Width + scale - 1) / scale, (part.Height + scale - 1) / scale);
        var (pixels, inside) = (new Vector4[width * height], new bool[width * height]);
        Rows.ForEach(
            height,
            row =>
            {
                var rented = ArrayPool<float>.Shared.Rent(picture.Width * SourcePicture.Channels);
                var samples = rented.AsSpan(0, picture.Width * SourcePicture.Channels);
                var line = pixels.AsSpan(row * width, width);
                for (var y = row * scale; y < Math.Min(part.Height, (row + 1) * scale); y++)
                {
                    picture.ReadRow(part.Y + y, samples);
                    var values = MemoryMarshal.Cast<float, Vector4>(samples).Slice(part.X, part.Width);
                    var mask = hole.Row(part.Y + y).Slice(part.X, part.Width);
                    for (var x = 0; x < values.Length; x++)
                    {
                        line[x / scale] += values[x] with { W = 1 };
                        inside[(row * width) + (x / scale)] |= mask[x] != 0;
                    }
                }
                foreach (ref var pixel in line)
                {
                    pixel = (pixel / pixel.W) with { W = 0 };
                }
                ArrayPool<float>.Shared.Return(rented);
            },
            cancellationToken);
        return new FillLevel(width, height, pixels, inside);
    }

    /// <summary>Copies samples at the picture's own size and depth, by the matches.</summary>
    private static SourcePicture Write(SourcePicture picture, EditMask hole, (int X, int Y, int Width, int Height) part, int scale, FillLevel level, PatchSearch search, CancellationToken cancellationToken)
    {
        // Sharper than while searching: at most places one match decides.
        var weights = search.Weights(0.25f);
        return SourcePicture.CreateByRows(
            picture.Width,
            picture.Height,
            picture.Bits,
            picture.Metadata,
            (y, bytes) =>
            {
                picture.RowBytes(y).CopyTo(bytes);
                var mask = hole.Row(y);
                if (!mask.ContainsAnyExcept((byte)0))
                {
                    return;
                }
                Span<float> samples = stackalloc float[SourcePicture.Channels];
                for (var x = mask.IndexOfAnyExcept((byte)0); x < mask.Length; x++)
                {
                    if (mask[x] == 0)
                    {
                        continue;
                    }
                    var (column, row) = (x - part.X, y - part.Y);
                    var (right, down) = (column % scale, row % scale);
                    var color = search.Vote((row / scale * level.Width) + (column / scale), weights, (level, place) => PixelReader.Read(
                        picture,
                        Math.Min(picture.Width - 1, part.X + (place % level.Width * scale) + right),
                        Math.Min(picture.Height - 1, part.Y + (place / level.Width * scale) + down)));
                    MemoryMarshal.Cast<float, Vector4>(samples)[0] = color;
                    SourcePicture.WriteRow(samples, picture.Bits, bytes.Slice(x * picture.BytesPerPixel, picture.BytesPerPixel));
                }
            },
            cancellationToken);
    }
}
