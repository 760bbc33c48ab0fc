using System.Numerics;
using Emu.Editing.Composition;

namespace Emu.Editing.Operations.Removal;

/// <summary>
/// Looks for known patches like those that touch the hole, and fills the hole with what they hold (PatchMatch: Barnes, Shechtman,
/// Finkelstein and Goldman, 2009; voting: Wexler et al., 2007). Each round reads the one before alone, so that results do not
/// depend on how many cores there are.
/// </summary>
/// <param name="level">The picture.</param>
/// <param name="seed">Random numbers are drawn from it.</param>
internal sealed class PatchSearch(FillLevel level, long seed)
{
    private const int Chunk = 2048;

    /// <summary>Steps to the neighbours whose matches are tried; later rounds look farther, in turns.</summary>
    private static readonly int[] Jumps = [1, 8, 1, 3];

    /// <summary>Gives every target a match by chance.</summary>
    public void Start()
    {
        for (var i = 0; i < level.Matches.Length; i++)
        {
            level.Matches[i] = level.Sources[(int)(Hash((ulong)i, 0) % (ulong)level.Sources.Length)];
        }
    }

    /// <summary>Takes the matches of the level at half the size over.</summary>
    public void StartFrom(FillLevel coarse)
    {
        for (var i = 0; i < level.Targets.Length; i++)
        {
            var (x, y) = (level.Targets[i] % level.Width, level.Targets[i] / level.Width);
            var from = coarse.TargetOf[(y / 2 * coarse.Width) + (x / 2)];
            var match = from < 0 ? -1 : Doubled(coarse.Matches[from], coarse.Width, x & 1, y & 1);
            level.Matches[i] = match >= 0 && level.IsSource[match] ? match : level.Sources[(int)(Hash((ulong)i, 1) % (ulong)level.Sources.Length)];
        }
    }

    /// <summary>Compares all targets with their matches anew: the hole's colours changed.</summary>
    public void Measure(CancellationToken cancellationToken) => ForEachTarget(i => level.Distances[i] = Distance(level.Targets[i], level.Matches[i], float.MaxValue), cancellationToken);

    /// <summary>Looks for better matches.</summary>
    /// <param name="round">Which round it is, from 0.</param>
    /// <param name="radius">How far from the best match random ones may lie, in pixels.</param>
    /// <param name="cancellationToken">Stops.</param>
    public void Improve(int round, int radius, CancellationToken cancellationToken)
    {
        var (matches, distances) = (new int[level.Matches.Length], new float[level.Matches.Length]);
        ForEachTarget(
            i =>
            {
                var target = level.Targets[i];
                var (best, least) = (level.Matches[i], level.Distances[i]);
                foreach (var jump in (ReadOnlySpan<int>)[1, Jumps[round % Jumps.Length]])
                {
                    TryNeighbour(target, -jump, 0, ref best, ref least);
                    TryNeighbour(target, jump, 0, ref best, ref least);
                    TryNeighbour(target, 0, -jump, ref best, ref least);
                    TryNeighbour(target, 0, jump, ref best, ref least);
                }
                for (var (reach, number) = (radius, 0); reach >= 1; reach /= 2, number++)
                {
                    var random = Hash((ulong)target, (uint)((round * 64) + number + 2));
                    var x = (best % level.Width) + (int)(random % (ulong)((2 * reach) + 1)) - reach;
                    var y = (best / level.Width) + (int)((random >> 32) % (ulong)((2 * reach) + 1)) - reach;
                    if (x >= 0 && y >= 0 && x < level.Width && y < level.Height)
                    {
                        Try(target, (y * level.Width) + x, ref best, ref least);
                    }
                }
                (matches[i], distances[i]) = (best, least);
            },
            cancellationToken);
        (level.Matches, level.Distances) = (matches, distances);
    }

    /// <summary>Fills the hole: each pixel is the mean of what the matches of all patches over it hold there, better ones weighing more.</summary>
    public void Vote(CancellationToken cancellationToken)
    {
        var weights = Weights(0.75f);
        ForEachTarget(
            i =>
            {
                var at = level.Targets[i];
                if (level.Hole[at])
                {
                    level.Pixels[at] = Vote(at, weights, static (level, place) => level.Pixels[place]);
                }
            },
            cancellationToken);
    }

    /// <summary>What the matches of all patches over a pixel hold there.</summary>
    /// <param name="at">The pixel.</param>
    /// <param name="weights">Of each target.</param>
    /// <param name="read">Reads a known pixel.</param>
    public Vector4 Vote(int at, float[] weights, Func<FillLevel, int, Vector4> read)
    {
        var (x, y) = (at % level.Width, at / level.Width);
        var (sum, total) = (Vector4.Zero, 0f);
        for (var row = Math.Max(0, y - FillLevel.Reach); row <= Math.Min(level.Height - 1, y + FillLevel.Reach); row++)
        {
            for (var column = Math.Max(0, x - FillLevel.Reach); column <= Math.Min(level.Width - 1, x + FillLevel.Reach); column++)
            {
                var target = level.TargetOf[(row * level.Width) + column];
                if (target >= 0)
                {
                    sum += read(level, level.Matches[target] + ((y - row) * level.Width) + x - column) * weights[target];
                    total += weights[target];
                }
            }
        }
        return sum / total;
    }

    /// <summary>What each target's match counts for.</summary>
    /// <param name="quantile">Of all distances, the one at which a match still counts for e^−½.</param>
    public float[] Weights(float quantile)
    {
        var sorted = (float[])level.Distances.Clone();
        Array.Sort(sorted);
        var scale = Math.Max(1e-6f, sorted[(int)(quantile * (sorted.Length - 1))]);
        return [.. level.Distances.Select((distance, i) => (MathF.Exp(-distance / (2 * scale)) + 1e-6f) * level.Confidence[level.Targets[i]])];
    }

    private void TryNeighbour(int target, int right, int down, ref int best, ref float least)
    {
        var (x, y) = ((target % level.Width) + right, (target / level.Width) + down);
        if (x < 0 || y < 0 || x >= level.Width || y >= level.Height || level.TargetOf[(y * level.Width) + x] is not (>= 0 and var neighbour))
        {
            return;
        }
        var (column, row) = ((level.Matches[neighbour] % level.Width) - right, (level.Matches[neighbour] / level.Width) - down);
        if (column >= 0 && row >= 0 && column < level.Width && row < level.Height)
        {
            Try(target, (row * level.Width) + column, ref best, ref least);
        }
    }

    private void Try(int target, int candidate, ref int best, ref float least)
    {
        if (candidate != best && level.IsSource[candidate] && Distance(target, candidate, least) is var distance && distance < least)
        {
            (best, least) = (candidate, distance);
        }
    }

    /// <summary>The mean square difference of two patches; at least <paramref name="limit"/> if it is more.</summary>
    private float Distance(int target, int source, float limit)
    {
        var (x, y, width) = (target % level.Width, target / level.Width, level.Width);
        var (left, right) = (Math.Max(-FillLevel.Reach, -x), Math.Min(FillLevel.Reach, width - 1 - x));
        var (top, bottom) = (Math.Max(-FillLevel.Reach, -y), Math.Min(FillLevel.Reach, level.Height - 1 - y));
        var total = 0f;
        for (var dy = top; dy <= bottom; dy++)
        {
            var start = target + (dy * width) + left;
            foreach (var confidence in level.Confidence.AsSpan(start, right - left + 1))
            {
                total += confidence;
            }
        }
        var (sum, most) = (0f, limit * total);
        for (var dy = top; dy <= bottom && sum < most; dy++)
        {
            var length = right - left + 1;
            var here = level.Pixels.AsSpan(target + (dy * width) + left, length);
            var there = level.Pixels.AsSpan(source + (dy * width) + left, length);
            var counts = level.Confidence.AsSpan(target + (dy * width) + left, length);
            for (var i = 0; i < here.Length; i++)
            {
                var difference = here[i] - there[i];
                sum += Vector4.Dot(difference, difference) * counts[i];
            }
        }
        return sum / total;
    }

    private int Doubled(int match, int coarseWidth, int right, int down)
    {
        var (x, y) = ((match % coarseWidth * 2) + right, (match / coarseWidth * 2) + down);
        return x < level.Width && y < level.Height ? (y * level.Width) + x : -1;
    }

    private void ForEachTarget(Action<int> work, CancellationToken cancellationToken)
    {
        var count = level.Targets.Length;
        Rows.ForEach(
            (count + Chunk - 1) / Chunk,
            chunk =>
            {
                for (var i = chunk * Chunk; i < Math.Min(count, (chunk + 1) * Chunk); i++)
                {
                    work(i);
                }
            },
            cancellationToken);
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014) of seed, place and number.</summary>
    private ulong Hash(ulong place, uint number)
    {
        var z = (ulong)seed + ((ulong)level.Width << 40) + ((place * 4096) + number + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
