namespace Emu.Editing.Operations.Drawing;

/// <summary>Pencil on paper: lines along edges, contours where the picture is darker than its surroundings, and strokes in two directions for shade.</summary>
internal sealed class SketchDrawing : IDrawing
{
    /// <inheritdoc/>
    public Canvas Draw(Canvas canvas, long seed, CancellationToken cancellationToken)
    {
        var unit = canvas.Unit;
        var (width, height) = (canvas.Width, canvas.Height);
        var luma = canvas.Luma(cancellationToken);
        var fine = luma.Blurred(1.1f * unit, cancellationToken);
        var around = fine.Blurred(10f * unit, cancellationToken);
        var tone = Tones.Stretched(luma.Blurred(4f * unit, cancellationToken), 0.02f, 0.95f, cancellationToken);
        var lines = EdgeLines.Of(luma, 1.5f * unit, 0.004f, 0.05f, cancellationToken);
        var rising = Textures.Strokes(width, height, 1.6f * unit, 60f * unit, 1, seed, cancellationToken);
        var falling = Textures.Strokes(width, height, 1.6f * unit, 46f * unit, -1, seed + 1, cancellationToken);
        var paper = Textures.Clouds(width, height, 2.4f * unit, 2, seed + 2, cancellationToken);
        var result = Canvas.Blank(width, height);
        Plane.ForRows(height, y =>
        {
            var at = y * width;
            for (var x = 0; x < width; x++, at++)
            {
                var contour = Math.Clamp((fine.Values[at] + 0.08f) / (around.Values[at] + 0.08f), 0f, 1f);
                contour *= contour;
                var dark = 1f - tone.Values[at];
                // Light shade in one direction; deep shade is crossed by a second.
                var first = Tones.Step(dark, 0.12f, 0.95f) * Math.Clamp(0.44f + (0.27f * rising.Values[at]), 0f, 0.9f);
                var second = Tones.Step(dark, 0.5f, 1.05f) * Math.Clamp(0.36f + (0.27f * falling.Values[at]), 0f, 0.9f);
                var light = (1f - first) * (1f - second) * (0.25f + (0.75f * contour)) * (0.30f + (0.70f * lines.Values[at]));
                // The paper's hills take graphite, its valleys less.
                light = Math.Clamp(light + (0.06f * paper.Values[at] * Tones.Step(1f - light, 0f, 0.3f)), 0f, 1f);
                light = 0.12f + (0.86f * light);
                result.Red.Values[at] = light;
                result.Green.Values[at] = light * 0.993f;
                result.Blue.Values[at] = light * 0.972f;
            }
        }, cancellationToken);
        return result;
    }
}
