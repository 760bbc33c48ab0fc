using System.Runtime.CompilerServices;
using Emu.Diffusion.Tensors;

namespace Emu.Generation.Motion;

/// <summary>How the two things of a picture lie, by the order in which the prompt names them.</summary>
public enum ThingLayout
{
    /// <summary>The first is on the left.</summary>
    FirstLeft,

    /// <summary>The first is on the right.</summary>
    FirstRight,

    /// <summary>The first is above.</summary>
    FirstAbove,

    /// <summary>The first is below.</summary>
    FirstBelow,
}

/// <summary>
/// Which of two things every pixel of a picture belongs to. Pieces of alpha that are connected belong together; where the things touch,
/// what is thin is left out until they come apart, and then belongs to the nearer one.
/// </summary>
internal sealed class TwoThings
{
    private const float Solid = 0.5f;              // alpha of what pieces are looked for in
    private const double LeastPiece = 0.03;        // of everything solid; what is smaller belongs to what is near
    private const double LeastThing = 0.12;        // of everything solid
    private const double LeastDistance = 0.2;      // of the things' centres, in parts of the picture's side
    private const double MostOverlap = 0.12;       // of the things' extents, in parts of the picture's side
    private static readonly double[] Thin = [0, 0.006, 0.012, 0.02];      // half the width of what may join the things, in parts of the side

    private readonly byte[] _things;

    private TwoThings(byte[] things) => _things = things;

    /// <summary>Tells the two things apart; null where they cannot be.</summary>
    /// <param name="picture"><c>[1, 4, height, width]</c>, −1 to 1, without a ground.</param>
    /// <param name="layout">How they lie.</param>
    public static TwoThings? Find(FloatTensor picture, ThingLayout layout)
    {
        if (picture.Shape[1] != 4)
        {
            return null;
        }

        var (height, width) = (picture.Shape[2], picture.Shape[3]);
        var alpha = picture.Span[(3 * height * width)..];
        var depth = Depths(alpha, width, height);
        foreach (var thin in Thin)
        {
            var pieces = Pieces.Of(depth, (int)Math.Round(thin * Math.Max(width, height)), width, height);
            if (Groups(pieces, layout, width, height) is { } groups)
            {
                return new(Spread(pieces, groups, alpha, width));
            }
        }

        return null;
    }

    /// <summary>What of a picture belongs to one thing; the rest is transparent.</summary>
    /// <param name="picture">A picture of the same size, <c>[1, 4, height, width]</c>, −1 to 1, premultiplied.</param>
    /// <param name="thing">0 for the one that is named first, else 1.</param>
    public FloatTensor Only(FloatTensor picture, int thing)
    {
        FloatTensor only = new(picture.Shape);
        picture.Span.CopyTo(only.Span);
        for (var pixel = 0; pixel < _things.Length; pixel++)
        {
            for (var channel = 0; channel < 4 && _things[pixel] != thing; channel++)
            {
                only.Span[(channel * _things.Length) + pixel] = -1;
            }
        }

        return only;
    }

    /// <summary>How far every pixel is inside what is solid, in steps to any neighbour; 0 outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] Depths(ReadOnlySpan<float> alpha, int width, int height)
    {
        // A border of 0 all around.
        var (wide, depth) = (width + 2, new int[(width + 2) * (height + 2)]);
        for (var y = 1; y <= height; y++)
        {
            for (var at = (y * wide) + 1; at <= (y * wide) + width; at++)
            {
                depth[at] = (alpha[((y - 1) * width) + at - (y * wide) - 1] + 1) / 2 <= Solid ? 0 : 1 + Math.Min(Math.Min(depth[at - 1], depth[at - wide]), Math.Min(depth[at - wide - 1], depth[at - wide + 1]));
            }
        }

        for (var y = height; y >= 1; y--)
        {
            for (var at = (y * wide) + width; at > y * wide; at--)
            {
                depth[at] = Math.Min(depth[at], 1 + Math.Min(Math.Min(depth[at + 1], depth[at + wide]), Math.Min(depth[at + wide - 1], depth[at + wide + 1])));
            }
        }

        var inner = new int[width * height];
        for (var y = 0; y < height; y++)
        {
            depth.AsSpan(((y + 1) * wide) + 1, width).CopyTo(inner.AsSpan(y * width));
        }

        return inner;
    }

    /// <summary>Which thing every large piece belongs to, −1 for small ones: two groups along the layout's axis; null where there are not two.</summary>
    private static int[]? Groups(Pieces pieces, ThingLayout layout, int width, int height)
    {
        var isBeside = layout is ThingLayout.FirstLeft or ThingLayout.FirstRight;
        var side = isBeside ? width : height;
        double all = pieces.All.Sum(piece => piece.Area);
        int[] large = [.. Enumerable.Range(0, pieces.All.Count).Where(index => pieces.All[index].Area >= LeastPiece * all).OrderBy(Centre)];
        if (large.Length < 2)
        {
            return null;
        }

        var split = Enumerable.Range(1, large.Length - 1).MaxBy(index => Centre(large[index]) - Centre(large[index - 1]));
        var (low, high) = (large[..split], large[split..]);
        if (Area(low) < LeastThing * all || Area(high) < LeastThing * all || Mean(high) - Mean(low) < LeastDistance * side || low.Max(End) - high.Min(Start) > MostOverlap * side)
        {
            return null;
        }

        var groups = Enumerable.Repeat(-1, pieces.All.Count).ToArray();
        var first = layout is ThingLayout.FirstLeft or ThingLayout.FirstAbove ? low : high;
        foreach (var index in large)
        {
            groups[index] = first.Contains(index) ? 0 : 1;
        }

        return groups;

        double Centre(int index) => isBeside ? pieces.All[index].CentreX : pieces.All[index].CentreY;
        double Start(int index) => isBeside ? pieces.All[index].Left : pieces.All[index].Top;
        double End(int index) => isBeside ? pieces.All[index].Right : pieces.All[index].Bottom;
        double Area(int[] some) => some.Sum(index => pieces.All[index].Area);
        double Mean(int[] some) => some.Sum(index => pieces.All[index].Area * Centre(index)) / Area(some);
    }

    /// <summary>From the large pieces to everything: first along what is visible, then over what is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static byte[] Spread(Pieces pieces, int[] groups, ReadOnlySpan<float> alpha, int width)
    {
        const byte Unknown = byte.MaxValue;
        var things = new byte[alpha.Length];
        List<int> reached = [];
        for (var pixel = 0; pixel < things.Length; pixel++)
        {
            var piece = pieces.OfPixel[pixel];
            things[pixel] = piece >= 0 && groups[piece] >= 0 ? (byte)groups[piece] : Unknown;
            if (things[pixel] != Unknown)
            {
                reached.Add(pixel);
            }
        }

        Queue<int> open = new(reached);
        foreach (var least in (ReadOnlySpan<float>)[0.02f, float.NegativeInfinity])
        {
            while (open.TryDequeue(out var pixel))
            {
                var column = pixel % width;
                foreach (var next in (ReadOnlySpan<int>)[column > 0 ? pixel - 1 : -1, column + 1 < width ? pixel + 1 : -1, pixel - width, pixel + width])
                {
                    if (next >= 0 && next < things.Length && things[next] == Unknown && (alpha[next] + 1) / 2 >= least)
                    {
                        things[next] = things[pixel];
                        reached.Add(next);
                        open.Enqueue(next);
                    }
                }
            }

            open = new(reached);
        }

        return things;
    }
}
