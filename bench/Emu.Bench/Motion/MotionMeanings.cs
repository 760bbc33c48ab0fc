using static Emu.Bench.Motion.MeasuredMotion;

namespace Emu.Bench.Motion;

/// <summary>What motions mean, said by what is measured on frames, beyond what the thing does by itself; nothing here knows how the motions are made.</summary>
internal static class MotionMeanings
{
    /// <summary>Whether a clip moves as the motion means.</summary>
    public static IReadOnlyDictionary<string, Func<MeasuredMotion, bool>> All { get; } = new Dictionary<string, Func<MeasuredMotion, bool>>
    {
        ["bounce"] = Hops,
        ["jump"] = Hops,
        ["spin"] = motion => IsRound(motion.Turn[^1], 1) && Range(motion.Up) < 0.3,
        ["spin back"] = motion => IsRound(motion.Turn[^1], -1) && Range(motion.Up) < 0.3,
        ["turn"] = motion => motion.Width.Min() < 0.45 && motion.Height.Min() > 0.85 && motion.Height.Max() < 1.15,
        ["flip"] = motion => IsRound(Math.Abs(motion.Turn[^1]), 1) && motion.Up.Max() > 0.08,
        // A thing that turns clockwise goes to the left below the point that it turns about, and to the right above it.
        ["swing"] = motion => TurnsBothWays(motion, 5) && Correlation(motion.Right, motion.Turn[..^1]) < -0.5,
        ["sway"] = motion => TurnsBothWays(motion, 5) && Correlation(motion.Right, motion.Turn[..^1]) > 0.5,
        ["tilt"] = motion => motion.Turn.Max() > 8 && motion.Turn.Min() > -4 && motion.Turn[^1] < 6,
        ["nod"] = motion => motion.Height.Min() < 0.97 && motion.Height.Max() < 1.05 && motion.Width.Min() > 0.92 && motion.Width.Max() < 1.08 && Range(motion.Right) < 0.12,
        ["shake"] = motion => BothWays(motion.Right, 0.02) && Beats(motion.Right) >= 2 && Range(motion.Up) < 0.1 && Turns(motion.Right) < 12,
        ["wobble"] = motion => BothWays(motion.Slant, 0.07) && Range(motion.Bands[^1]) < 0.5 * Range(motion.Bands[0]) && Middle(motion) > 0.42,
        ["pulse"] = motion => motion.Width.Max() > 1.06 && motion.Width.Min() < 0.94 && motion.Height.Max() > 1.06 && motion.Height.Min() < 0.94 && Alike(motion.Width, motion.Height),
        ["breathe"] = motion => motion.Height.Max() is > 1.015 and < 1.2 && motion.Height.Min() > 0.96 && Range(motion.Right) < 0.08 && motion.Width.Max() < 1.1,
        ["grow"] = motion => motion.Width.Max() > 1.12 && motion.Height.Max() > 1.12 && motion.Width.Min() > 0.93 && motion.Height.Min() > 0.93,
        ["shrink"] = motion => motion.Width.Min() < 0.8 && motion.Height.Min() < 0.8 && motion.Width.Max() < 1.07 && motion.Height.Max() < 1.07 && motion.Width.Min() > 0.2,
        ["float"] = motion => BothWays(motion.Up, 0.03) && Range(motion.Right) < 0.12 && Range(motion.Height) < 0.2,
        ["slide"] = motion => BothWays(motion.Right, 0.1) && Range(motion.Up) < 0.08 && Range(motion.Turn) < 16 && Beats(motion.Right) == 1,
        ["drift left"] = motion => Leaves(motion, [.. motion.Right.Select(value => -value)]),
        ["drift right"] = motion => Leaves(motion, motion.Right),
        ["fly up"] = motion => Leaves(motion, motion.Up),
        ["fall"] = motion => Leaves(motion, [.. motion.Up.Select(value => -value)]),
        ["roll"] = motion => Leaves(motion, motion.Right) && motion.Turn.Max() > 40,
        ["tremble"] = motion => Turns(motion.Right) >= 7 && Range(motion.Right) is > 0.01 and < 0.15 && Range(motion.Up) is > 0.01 and < 0.15,
        ["bend"] = motion => BothWays(motion.Bands[0], 0.05) && Range(motion.Bands[^1]) < 0.3 * Range(motion.Bands[0]) && Middle(motion) < 0.52,
        ["ripple"] = motion => Enumerable.Range(0, motion.Frames.Count).Any(frame => motion.Bands.Max(band => band[frame]) > 0.015 && motion.Bands.Min(band => band[frame]) < -0.015)
            && BothWays(motion.Bands[2], 0.01) && Range(motion.Up) < 0.1,
        ["stretch"] = motion => motion.Height.Max() > 1.08 && motion.Height.Min() < 0.93 && Opposite(motion.Width, motion.Height),
        ["dance"] = motion => BothWays(motion.Right, 0.04) && Beats(motion.FeetUp) >= 2 && motion.Up.Max() > 0.03 && motion.Up.Max() < 0.4,
        ["circle"] = motion => BothWays(motion.Right, 0.06) && Range(motion.Up) > 0.1 && Math.Abs(Enclosed(motion)) > 0.012,
        ["walk"] = motion => BothWays(motion.Right, 0.08) && Beats(motion.Turn) >= 3 && motion.Up.Max() < 0.15,
        ["fade"] = motion => motion.Density.Min() < 0.6 && Beats([.. motion.Density.Select(value => 1 - value)]) == 1,
        ["blink"] = motion => motion.Density.Min() < 0.4 && Beats([.. motion.Density.Select(value => 1 - value)]) >= 2,
        ["pop"] = motion => motion.Width.Min() < 0.25 && motion.Height.Min() < 0.25,
    };

    private static bool Hops(MeasuredMotion motion) =>
        motion.FeetUp.Max() > 0.1 && motion.FeetUp.Min() > -0.06 && Range(motion.Right) < 0.12 && Range(motion.Turn) < 25
        && motion.FeetUp.Count(value => value < 0.04) >= 2;

    private static bool IsRound(double degrees, int sign) => degrees * sign > 180 && Math.Abs(degrees - (360 * Math.Round(degrees / 360))) < 50;

    private static bool TurnsBothWays(MeasuredMotion motion, double degrees) => BothWays(motion.Turn, degrees) && Math.Abs(motion.Turn[^1]) < 10 && Range(motion.Turn) < 120;

    /// <summary>Leaves the picture forwards and comes back from behind.</summary>
    private static bool Leaves(MeasuredMotion motion, double[] forwards)
    {
        var half = forwards.Length / 2;
        return motion.Area.Min() < 0.5 && forwards[..half].Max() > 0.25 && forwards[..half].Min() > -0.1 && forwards[half..].Min() < -0.25;
    }

    /// <summary>How far the middle goes, as a part of the top: a half of it where a thing slants, less where it bends.</summary>
    private static double Middle(MeasuredMotion motion) => Range([.. motion.Bands[2].Zip(motion.Bands[3], (one, other) => (one + other) / 2)]) / Math.Max(Range(motion.Bands[0]), 1e-9);

    /// <summary>The area that the centroid goes around, in sizes².</summary>
    private static double Enclosed(MeasuredMotion motion) =>
        Enumerable.Range(0, motion.Right.Length).Sum(index => ((motion.Right[index] * motion.Up[(index + 1) % motion.Up.Length]) - (motion.Right[(index + 1) % motion.Right.Length] * motion.Up[index])) / 2);

    private static double Range(double[] values) => values.Max() - values.Min();

    private static bool BothWays(double[] values, double least) => values.Max() > least && values.Min() < -least;

    private static bool Alike(double[] one, double[] other) => Correlation(one, other) > 0.7;

    private static bool Opposite(double[] one, double[] other) => Correlation(one, other) < -0.6;

    private static double Correlation(double[] one, double[] other)
    {
        var (meanOne, meanOther) = (one.Average(), other.Average());
        var both = one.Zip(other, (a, b) => (a - meanOne) * (b - meanOther)).Sum();
        return both / Math.Max(1e-9, Math.Sqrt(one.Sum(value => (value - meanOne) * (value - meanOne)) * other.Sum(value => (value - meanOther) * (value - meanOther))));
    }
}
