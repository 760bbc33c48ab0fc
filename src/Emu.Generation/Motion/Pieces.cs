using System.Runtime.CompilerServices;

namespace Emu.Generation.Motion;

/// <summary>Pixels that hang together, at their sides or corners.</summary>
internal sealed record Piece(int Area, double CentreX, double CentreY, int Left, int Top, int Right, int Bottom);

/// <summary>All pieces of a picture.</summary>
/// <param name="All">The pieces.</param>
/// <param name="OfPixel">The index of every pixel's piece; −1 for none.</param>
internal sealed record Pieces(IReadOnlyList<Piece> All, int[] OfPixel)
{
    /// <summary>Finds what is deeper inside than some number of pixels, and hangs together there.</summary>
    /// <param name="depth">How far every pixel is inside, <c>[height, width]</c>; 0 is outside.</param>
    /// <param name="least">The depth that is not enough.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Pieces Of(int[] depth, int least, int width, int height)
    {
        var ofPixel = new int[depth.Length];
        ofPixel.AsSpan().Fill(-1);
        List<Piece> all = [];
        Stack<int> open = new();
        for (var start = 0; start < depth.Length; start++)
        {
            if (depth[start] <= least || ofPixel[start] >= 0)
            {
                continue;
            }

            var (area, sumX, sumY, left, top, right, bottom) = (0, 0L, 0L, width, height, 0, 0);
            ofPixel[start] = all.Count;
            open.Push(start);
            while (open.TryPop(out var pixel))
            {
                var (y, x) = Math.DivRem(pixel, width);
                (area, sumX, sumY) = (area + 1, sumX + x, sumY + y);
                (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x + 1), Math.Max(bottom, y + 1));
                for (var row = Math.Max(0, y - 1); row <= Math.Min(height - 1, y + 1); row++)
                {
                    for (var column = Math.Max(0, x - 1); column <= Math.Min(width - 1, x + 1); column++)
                    {
                        var next = (row * width) + column;
                        if (depth[next] > least && ofPixel[next] < 0)
                        {
                            ofPixel[next] = all.Count;
                            open.Push(next);
                        }
                    }
                }
            }

            all.Add(new(area, (sumX + (area / 2.0)) / area, (sumY + (area / 2.0)) / area, left, top, right, bottom));
        }

        return new(all, ofPixel);
    }
}
