using System.Runtime.CompilerServices;

namespace Emu.Generation.Motion;

/// <summary>An affine map of the plane: (XX · x + XY · y + X0, YX · x + YY · y + Y0).</summary>
internal readonly record struct AffineMap(double XX, double XY, double X0, double YX, double YY, double Y0)
{
    /// <summary>The map that a function computes, which must be affine: of the points (0, 0), (1, 0) and (0, 1).</summary>
    public static AffineMap Of(Func<double, double, (double X, double Y)> map)
    {
        var (origin, across, down) = (map(0, 0), map(1, 0), map(0, 1));
        return new(across.X - origin.X, down.X - origin.X, origin.X, across.Y - origin.Y, down.Y - origin.Y, origin.Y);
    }

    /// <summary>Maps a point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (double X, double Y) Apply(double x, double y) => ((XX * x) + (XY * y) + X0, (YX * x) + (YY * y) + Y0);
}

/// <summary>A pose that bends, in the thing's own square, and the map that leads there.</summary>
internal readonly record struct BentPart(AffineMap Before, MotionPose Pose);

/// <summary>
/// Which point of the picture is seen at a point, both in pixels, at one moment of a loop: everything affine composed to one map, so that a
/// pixel costs a few operations.
/// </summary>
/// <param name="Bent">Poses that bend, the last one first; usually none.</param>
/// <param name="Last">What comes after them.</param>
internal readonly record struct SeenPoint(BentPart[] Bent, AffineMap Last)
{
    /// <summary>Maps a point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (double X, double Y) At(double x, double y)
    {
        if (Bent.Length > 0)
        {
            (x, y) = Straighten(Bent, x, y);
        }

        return Last.Apply(x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double X, double Y) Straighten(BentPart[] parts, double x, double y)
    {
        foreach (var part in parts)
        {
            (x, y) = part.Before.Apply(x, y);
            x = part.Pose.Straighten(x, y);
        }

        return (x, y);
    }
}
