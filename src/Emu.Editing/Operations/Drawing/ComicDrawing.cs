using System.Numerics.Tensors;

namespace Emu.Editing.Operations.Drawing;

/// <summary>A printed comic: flat colours in few steps of light (Winnemöller, Olsen, Gooch 2006), dark outlines along the flow, dots in the shade.</summary>
internal sealed class ComicDrawing : IDrawing
{
    private const int ColorPixels = 1_400_000;
    private const float Steps = 6f;

    /// <inheritdoc/>
    public Canvas Draw(Canvas canvas, long seed, CancellationToken cancellationToken)
    {
        var (width, height) = (canvas.Width, canvas.Height);
        var unit = canvas.Unit;
        var small = canvas.Within(ColorPixels, cancellationToken);
        var flow = Flow.Of(small, 2.5f * small.Unit, cancellationToken);
        var flat = Kuwahara.Apply(small, flow, Math.Clamp(5f * small.Unit, 2f, 7f), cancellationToken);
        flat = Kuwahara.Apply(flat, flow, Math.Clamp(4f * small.Unit, 2f, 6f), cancellationToken).Resized(width, height, cancellationToken);
        var light = Tones.Stretched(flat.Luma(cancellationToken), 0.01f, 0.99f, cancellationToken);
        // Lines along what the colours keep: the fine grain of wood or fur would turn into a mesh.
        var outlines = flat.Luma(cancellationToken);
        var fine = canvas.Luma(cancellationToken);
        TensorPrimitives.Lerp(outlines.Values, fine.Values, 0.35f, outlines.Values);
        var lines = EdgeLines.Of(outlines, 1.9f * unit, 0.014f, 0.040f, cancellationToken);
        var period = 8f * unit;
        Plane.ForRows(height, y =>
        {
            var at = y * width;
            for (var x = 0; x < width; x++, at++)
            {
                var (r, g, b) = (flat.Red.Values[at], flat.Green.Values[at], flat.Blue.Values[at]);
                var before = (0.2126f * r) + (0.7152f * g) + (0.0722f * b);
                var tone = light.Values[at];
                var bin = MathF.Round(tone * Steps);
                var stepped = (bin / Steps) + (MathF.Tanh(5f * ((tone * Steps) - bin)) * 0.5f / Steps * 0.9f);
                var factor = (0.05f + (0.95f * MathF.Pow(stepped, 0.9f))) / Math.Max(before, 0.03f);
                (r, g, b) = (r * factor, g * factor, b * factor);
                Tones.Saturate(ref r, ref g, ref b, 1.4f);
                // Dots on a grid turned by 45°, larger where it is darker; none in light and none in black.
                var (u, v) = ((x + y) / period, (x - y) / period);
                var distance = MathF.Cos(u * MathF.PI * 1.41421356f) * MathF.Cos(v * MathF.PI * 1.41421356f);
                var shade = Tones.Step(1f - stepped, 0.45f, 0.75f) * (1f - Tones.Step(1f - stepped, 0.85f, 1f));
                var dot = 1f - (0.22f * shade * Tones.Step(MathF.Abs(distance), 0.45f, 0.65f));
                var ink = lines.Values[at] * dot;
                flat.Red.Values[at] = r * ink;
                flat.Green.Values[at] = g * ink;
                flat.Blue.Values[at] = b * ink;
            }
        }, cancellationToken);
        return flat;
    }
}
