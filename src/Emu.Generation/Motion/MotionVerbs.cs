using static System.Math;

namespace Emu.Generation.Motion;

/// <summary>The motions that words can ask for. Every curve is at rest at phase 0 and closes around the loop.</summary>
public static class MotionVerbs
{
    private const double Feet = 0.9;

    private static readonly MotionBeats Once = new(1, 1, 2);
    private static readonly MotionBeats Twice = new(1, 2, 3);
    private static readonly MotionBeats Often = new(2, 3, 4);
    private static readonly MotionBeats Always = new(1, 1, 1);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MotionVerb> All { get; } =
    [
        new("bounce", Bounce, Twice, ["bounce"], ["bouncy"]),
        new("jump", Jump, Twice, ["jump", "hop+", "leap"], ["hops up", "jumps up and down"]),
        new("spin", (t, a, s) => new() { Turn = s * t }, Once, ["spin+", "rotate", "whirl", "revolve"], []),
        new("spin back", (t, a, s) => new() { Turn = -s * t }, Once, [], ["spins backwards", "spins counterclockwise", "spins anticlockwise"]),
        new("turn", (t, a, s) => new() { ScaleX = Cos(s * t) }, Once, ["twirl", "pirouette"], ["turns around", "spins around"]),
        new("flip", (t, a, s) => new() { Turn = s * t, Dy = -0.35 * Hop(t, 2 * s) }, Once, ["flip+", "somersault", "tumble"], ["does a flip", "does a somersault", "doing a backflip", "does a backflip"]),
        new("swing", (t, a, s) => new() { Turn = (0.15 + (0.4 * a)) * Sin(s * t), PivotY = -Feet }, Once, ["swing", "dangle"], ["swings back and forth"]),
        new("sway", (t, a, s) => new() { Turn = (0.08 + (0.25 * a)) * Sin(s * t), PivotY = Feet }, Once, ["sway", "teeter"], ["rocks back and forth", "rocking back and forth", "rocks from side to side"]),
        new("tilt", (t, a, s) => new() { Turn = (0.12 + (0.35 * a)) * Rise(s * t), PivotY = 0.6 }, Once, ["tilt", "lean"], ["tilts its head"]),
        new("nod", (t, a, s) => new() { ScaleY = 1 - ((0.06 + (0.14 * a)) * Rise(s * t)), Turn = (0.03 + (0.06 * a)) * Sin(s * t), PivotY = Feet }, Twice, ["nod+", "bow"], ["says yes"]),
        new("shake", (t, a, s) => new() { Dx = (0.05 + (0.12 * a)) * Sin(s * t), Turn = 0.06 * a * Sin(s * t) }, Often, ["shake"], ["says no"]),
        new("wobble", (t, a, s) => new() { Shear = (0.1 + (0.3 * a)) * Sin(s * t), ScaleY = 1 + (0.08 * a * Sin(2 * s * t)), PivotY = Feet }, Twice, ["wobble", "jiggle"], ["wobbly"]),
        new("pulse", (t, a, s) => new() { ScaleX = 1 + ((0.08 + (0.25 * a)) * Sin(s * t)), ScaleY = 1 + ((0.08 + (0.25 * a)) * Sin(s * t)) }, Twice, ["pulse", "throb+", "pulsate", "beat", "thump"], ["grows and shrinks"]),
        new("breathe", (t, a, s) => new() { ScaleX = 1 + ((0.01 + (0.03 * a)) * Rise(s * t)), ScaleY = 1 + ((0.03 + (0.08 * a)) * Rise(s * t)), PivotY = Feet }, Once, ["breathe", "snooze", "snore", "sleep"], []),
        new("grow", (t, a, s) => Sized(1 + ((0.1 + (0.35 * a)) * Rise(s * t))), Once, ["grow", "swell", "inflate", "expand"], ["gets bigger", "getting bigger"]),
        new("shrink", (t, a, s) => Sized(1 - ((0.15 + (0.45 * a)) * Rise(s * t))), Once, ["shrink", "deflate"], ["gets smaller", "getting smaller"]),
        new("float", (t, a, s) => new() { Dy = -(0.06 + (0.22 * a)) * Sin(s * t), Turn = 0.06 * a * Sin(2 * s * t) }, Once, ["float", "hover", "levitate", "bob+", "fly", "swim+"], ["floats up and down", "moves up and down"]),
        new("slide", (t, a, s) => new() { Dx = (0.12 + (0.4 * a)) * Sin(s * t) }, Once, ["slide", "glide"], ["moves sideways", "moves from side to side", "moves left and right", "goes back and forth", "moves back and forth"]),
        new("drift left", (t, a, s) => new() { TravelX = -Wrap(s * t) }, Always, [], Moving("left", "leftwards", "to the left")) { Travels = true },
        new("drift right", (t, a, s) => new() { TravelX = Wrap(s * t) }, Always, [], Moving("right", "rightwards", "to the right")) { Travels = true },
        new("fly up", (t, a, s) => new() { TravelY = -Wrap(s * t) }, Always, ["rise", "ascend", "soar"], [.. Moving("up", "upwards", "away"), "takes off", "taking off"]) { Travels = true },
        new("fall", (t, a, s) => new() { TravelY = Wrap(s * t) }, Always, ["fall", "descend", "plummet"], Moving("down", "downwards")) { Travels = true },
        new("roll", (t, a, s) => new() { TravelX = Wrap(t), Turn = 2 * t }, Always, ["roll"], []) { Travels = true },
        new("tremble", (t, a, s) => new() { Dx = (0.015 + (0.04 * a)) * Sin(5 * s * t), Dy = (0.015 + (0.03 * a)) * Sin(7 * s * t) }, Once, ["tremble", "vibrate", "shiver", "quiver", "buzz", "shudder"], []),
        new("bend", (t, a, s) => new() { Bend = (0.15 + (0.45 * a)) * Sin(s * t), PivotY = Feet }, Once, ["bend", "wave", "flex"], []),
        new("ripple", (t, a, s) => new() { Ripple = 0.03 + (0.08 * a), RippleFrequency = 4 + (4 * a), RipplePhase = s * t }, Once, ["ripple", "wiggle", "flutter", "undulate", "squirm", "wriggle"], ["flaps in the wind", "flapping in the wind", "waves in the wind", "waving in the wind"]),
        new("stretch", Stretch, Once, ["stretch", "squash"], []),
        new("dance", Dance, Always, ["dance", "groove", "boogie"], ["parties", "partying"]),
        new("circle", (t, a, s) => new() { Dx = (0.12 + (0.25 * a)) * Sin(s * t), Dy = (0.12 + (0.25 * a)) * (1 - Cos(s * t)) }, Once, ["orbit"], ["circling", "goes in circles", "moves in circles", "flies in circles", "flying in circles"]),
        new("walk", (t, a, s) => new() { Dx = (0.1 + (0.3 * a)) * Sin(t), Turn = (0.05 + (0.1 * a)) * Sin(4 * s * t), Dy = -(0.03 + (0.06 * a)) * Hop(t, 8 * s), PivotY = Feet }, Once, ["walk", "waddle", "stroll", "march", "run+", "jog+"], []),
        new("fade", (t, a, s) => new() { Opacity = 1 - ((0.5 + (0.5 * a)) * Rise(s * t)) }, Once, ["fade", "vanish", "disappear"], ["fades in and out", "fading in and out"]),
        new("blink", (t, a, s) => new() { Opacity = 0.5 + (0.5 * Cos(s * t)) }, Often, ["flash", "flicker", "twinkle"], ["blinks on and off", "blinking on and off"]),
        new("pop", Pop, Always, ["pop+", "appear"], ["pops up", "pops in"]),
    ];

    /// <summary>Words for motions to one side: with every verb of going somewhere.</summary>
    private static IReadOnlyList<string> Moving(params string[] directions) =>
        [.. from verb in "moves moving drifts drifting goes going flies flying slides sliding floats floating runs running walks walking drives driving swims swimming sails sailing zooms zooming".Split(' ')
            from direction in directions
            select $"{verb} {direction}"];

    /// <summary>One arc a beat; 0 at rest.</summary>
    private static double Hop(double t, int beats) => Abs(Sin(beats * t / 2));

    /// <summary>From 0 to 1 and back.</summary>
    private static double Rise(double t) => (1 - Cos(t)) / 2;

    /// <summary>From 0 to .5, in again at −.5, back to 0.</summary>
    private static double Wrap(double t)
    {
        var part = (t / (2 * PI)) % 1;
        return part < 0.5 ? part : part - 1;
    }

    private static MotionPose Sized(double size) => new() { ScaleX = size, ScaleY = size };

    /// <summary>A bell around a part of the beat.</summary>
    private static double Bell(double x, double centre, double width) => Exp(-((x - centre) / width) * ((x - centre) / width));

    private static MotionPose Bounce(double t, double a, int s)
    {
        var up = Hop(t, 2 * s);
        var stretched = 0.22 * (0.4 + a) * Min(up / 0.45, 1);
        return new() { Dy = -(0.25 + (0.55 * a)) * up, ScaleY = 1 + (0.6 * stretched), ScaleX = 1 - (0.6 * stretched), PivotY = 0.85 };
    }

    private static MotionPose Jump(double t, double a, int s)
    {
        var x = s * t / (2 * PI) % 1;
        var up = x is > 0.2 and < 0.8 ? Sin((x - 0.2) / 0.6 * PI) : 0;
        var crouch = (Bell(x, 0.12, 0.07) + Bell(x, 0.88, 0.07) - (2 * Bell(0, 0.12, 0.07))) * Min(1, Min(x, 1 - x) / 0.03);
        return new() { Dy = -(0.3 + (0.6 * a)) * up, ScaleY = 1 - (0.2 * crouch) + (0.08 * up), ScaleX = 1 + (0.14 * crouch) - (0.05 * up), PivotY = 0.85 };
    }

    private static MotionPose Stretch(double t, double a, int s)
    {
        var height = 1 + ((0.1 + (0.25 * a)) * Sin(s * t));
        return new() { ScaleY = height, ScaleX = Pow(height, -0.8), PivotY = Feet };
    }

    private static MotionPose Dance(double t, double a, int s) => new()
    {
        Dx = (0.08 + (0.15 * a)) * Sin(s * t),
        Turn = (0.1 + (0.2 * a)) * Sin(s * t),
        Dy = -(0.08 + (0.2 * a)) * Hop(t, 4 * s),
        ScaleY = 1 + (0.05 * Sin(4 * s * t)),
        PivotY = Feet,
    };

    private static MotionPose Pop(double t, double a, int s)
    {
        var x = t / (2 * PI) % 1;
        var size = x switch
        {
            < 0.25 => 1 - (x / 0.25 * 0.95),
            < 0.4 => 0.05,
            _ => Min(1, 0.05 + ((x - 0.4) / 0.25)) + (0.18 * a * Bell(x, 0.68, 0.07)),
        };
        return Sized(Max(size, 0.05));
    }
}
