using static System.Math;

namespace Emu.Generation.Motion;

/// <summary>Where a camera looks at one moment of a loop.</summary>
/// <param name="X">To the right, in parts of the picture's width.</param>
/// <param name="Y">Down, in parts of its height.</param>
/// <param name="Turn">Clockwise, in radians.</param>
/// <param name="Zoom">How much closer it is, from 1.</param>
public readonly record struct CameraView(double X, double Y, double Turn, double Zoom);

/// <summary>
/// A camera that moves around a loop and ends where it began. It is as close as it must be at every moment for the picture's border
/// not to show; a zoom begins with the whole picture.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Where it looks at phase t (0 to 2π).</param>
/// <param name="Phrases">Wordings in prompts.</param>
public sealed record Camera(string Name, Func<double, CameraView> Path, IReadOnlyList<string> Phrases)
{
    private const int Checks = 64;

    /// <summary>What a picture gets that is no sticker and asks for nothing: hardly a zoom.</summary>
    public static Camera Gentle { get; } = new("gentle", t => new(0, 0, 0, 1 + (0.06 * Rise(t))), []);

    /// <summary>All that can be asked for.</summary>
    public static IReadOnlyList<Camera> All { get; } =
    [
        new("zoom", t => new(0, 0, 0, 1 + (0.3 * Rise(t))), ["zooms in", "zooming in", "zoom in", "slow zoom", "camera zooms", "zooming camera"]),
        new("pan", t => new(0.07 * Sin(t), 0, 0, 1), ["camera pans", "panning camera", "panning shot", "slow pan", "pan shot", "panning left", "panning right", "pans left", "pans right"]),
        new("drift", t => new(0.04 * Sin(t), 0.025 * (1 - Cos(t)) - 0.025, 0, 1 + (0.05 * Rise(t))), ["camera drifts", "drifting camera", "camera floats", "floating camera"]),
        new("shake", Shaken, ["camera shakes", "camera shake", "shaking camera", "shaky camera", "handheld camera", "hand-held camera"]),
        new("tilt", t => new(0, 0.07 * Sin(t), 0, 1), ["camera tilts", "tilting camera", "tilt shot", "panning up", "panning down", "pans up", "pans down"]),
    ];

    /// <summary>The camera of a name; null for none.</summary>
    public static Camera? Find(string name) => All.FirstOrDefault(camera => camera.Name == name);

    /// <summary>Which point of the picture is seen at a point, both in pixels.</summary>
    /// <param name="part">The part of the loop, 0 to 1.</param>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Height of the picture.</param>
    public CameraMap At(double part, int width, int height)
    {
        var closest = Enumerable.Range(0, Checks).Max(check => Closeness(Path(2 * PI * check / Checks), width, height));
        var view = Path(2 * PI * part);
        return new(view, Max(closest * view.Zoom, Closeness(view, width, height)), width, height);
    }

    /// <summary>The zoom at which the picture just fills the view.</summary>
    private static double Closeness(CameraView view, int width, int height)
    {
        var (sine, cosine) = (Abs(Sin(view.Turn)), Abs(Cos(view.Turn)));
        return Max(
            ((width * cosine) + (height * sine)) / (width * (1 - (2 * Abs(view.X)))),
            ((width * sine) + (height * cosine)) / (height * (1 - (2 * Abs(view.Y)))));
    }

    private static double Rise(double t) => (1 - Cos(t)) / 2;

    private static CameraView Shaken(double t) => new(
        0.008 * (Sin(3 * t) + (0.6 * Sin(7 * t))), 0.008 * (Sin(4 * t) + (0.6 * Sin(9 * t))), 0.006 * Sin(5 * t), 1);
}

/// <summary>A camera's view of a picture at one moment.</summary>
public readonly record struct CameraMap(CameraView View, double Zoom, int Width, int Height)
{
    /// <summary>Which point of the picture is seen at a point, both in pixels.</summary>
    public (double X, double Y) Map(double x, double y)
    {
        var (sine, cosine) = SinCos(View.Turn);
        x = (x - (Width / 2.0)) / Zoom;
        y = (y - (Height / 2.0)) / Zoom;
        return ((cosine * x) - (sine * y) + (Width * (0.5 + View.X)), (sine * x) + (cosine * y) + (Height * (0.5 + View.Y)));
    }
}
