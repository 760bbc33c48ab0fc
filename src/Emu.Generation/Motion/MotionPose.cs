namespace Emu.Generation.Motion;

/// <summary>
/// How a thing stands at one moment of a loop, in its own square [−1, 1]² (x to the right, y down). The point p of the thing is
/// moved to pivot + R(turn) · shear · scale · (p + bend + ripple − pivot) + (dx, dy).
/// </summary>
public readonly record struct MotionPose()
{
    /// <summary>At rest: everything where it is.</summary>
    public static MotionPose Rest { get; } = new();

    /// <summary>Displacement to the right, in half sides of the square.</summary>
    public double Dx { get; init; }

    /// <summary>Displacement down, in half sides of the square.</summary>
    public double Dy { get; init; }

    /// <summary>Rotation about the pivot, clockwise, in radians.</summary>
    public double Turn { get; init; }

    /// <summary>Scale along x; negative shows the mirror image.</summary>
    public double ScaleX { get; init; } = 1;

    /// <summary>Scale along y; negative shows the mirror image.</summary>
    public double ScaleY { get; init; } = 1;

    /// <summary>Displacement along x for each unit of y.</summary>
    public double Shear { get; init; }

    /// <summary>Displacement along x of the square's top, which falls off quadratically to the pivot.</summary>
    public double Bend { get; init; }

    /// <summary>Amplitude of a wave that runs down the thing and displaces along x.</summary>
    public double Ripple { get; init; }

    /// <summary>The wave's radians for each unit of y.</summary>
    public double RippleFrequency { get; init; }

    /// <summary>The wave's phase, in radians.</summary>
    public double RipplePhase { get; init; }

    /// <summary>What alpha is multiplied by, 0 to 1.</summary>
    public double Opacity { get; init; } = 1;

    /// <summary>The x of the point about which the thing turns and is scaled.</summary>
    public double PivotX { get; init; }

    /// <summary>The y of the point about which the thing turns and is scaled; .9 is where it stands.</summary>
    public double PivotY { get; init; }

    /// <summary>Displacement in parts of the way that takes the thing out of the picture on one side and in again on the other, to the right; −.5 to .5.</summary>
    public double TravelX { get; init; }

    /// <summary>The same, down.</summary>
    public double TravelY { get; init; }

    /// <summary>Where a point of the thing is moved to (without travel).</summary>
    public (double X, double Y) Apply(double x, double y)
    {
        x += (Bend * Square((PivotY - y) / 2)) + (Ripple * (Math.Sin((RippleFrequency * y) + RipplePhase) - Math.Sin(RippleFrequency * y)));
        x = (x - PivotX) * ScaleX;
        y = (y - PivotY) * ScaleY;
        x += Shear * y;
        var (sine, cosine) = Math.SinCos(Turn);
        return ((cosine * x) - (sine * y) + PivotX + Dx, (sine * x) + (cosine * y) + PivotY + Dy);
    }

    /// <summary>Whether <see cref="Apply"/> keeps straight lines straight.</summary>
    internal bool IsAffine => Bend == 0 && Ripple == 0;

    /// <summary>Which point of the thing is seen at a point (without travel): the inverse of <see cref="Apply"/>.</summary>
    public (double X, double Y) Invert(double x, double y)
    {
        (x, y) = InvertAffine(x, y);
        return (Straighten(x, y), y);
    }

    /// <summary>The inverse of all but bend and ripple, which <see cref="Straighten"/> undoes after it.</summary>
    internal (double X, double Y) InvertAffine(double x, double y)
    {
        x -= PivotX + Dx;
        y -= PivotY + Dy;
        var (sine, cosine) = Math.SinCos(Turn);
        (x, y) = ((cosine * x) + (sine * y), (cosine * y) - (sine * x));
        x -= Shear * y;
        return ((x / AwayFromZero(ScaleX)) + PivotX, (y / AwayFromZero(ScaleY)) + PivotY);
    }

    /// <summary>The x before bend and ripple of a point after them.</summary>
    internal double Straighten(double x, double y) =>
        x - (Bend * Square((PivotY - y) / 2)) - (Ripple * (Math.Sin((RippleFrequency * y) + RipplePhase) - Math.Sin(RippleFrequency * y)));

    private static double Square(double value) => value * value;

    /// <summary>A thing seen edge-on (scale 0) would have no inverse; it is a line of a fiftieth of its size.</summary>
    private static double AwayFromZero(double scale) => Math.Abs(scale) < 0.02 ? Math.CopySign(0.02, scale) : scale;
}
