namespace Emu.Editing.Operations.Drawing;

/// <summary>Oil paint: strokes by an anisotropic Kuwahara filter, and light that falls from the top left on the hairs that the brush left along them.</summary>
internal sealed class OilDrawing : IDrawing
{
    // Strokes are made at this size, where their radius is a few pixels, and enlarged.
    private const int StrokePixels = 1_000_000;

    /// <inheritdoc/>
    public Canvas Draw(Canvas canvas, long seed, CancellationToken cancellationToken)
    {
        var small = canvas.Within(StrokePixels, cancellationToken);
        var unit = small.Unit;
        var radius = Math.Clamp(8.5f * unit, 2.5f, 9f);
        var flow = Flow.Of(small, 4f * unit, cancellationToken);
        var painted = Kuwahara.Apply(small, flow, radius, cancellationToken);
        painted = Kuwahara.Apply(painted, flow, Math.Max(2f, radius * 0.6f), cancellationToken);
        var hairs = Textures.Normalized(flow.Along(
            Textures.Noise(small.Width, small.Height, seed, cancellationToken).Blurred(1.0f * unit, cancellationToken), (int)Math.Max(5, 16 * unit), cancellationToken));
        var luma = painted.Luma(cancellationToken);
        var relief = new Plane(small.Width, small.Height);
        for (var i = 0; i < relief.Values.Length; i++)
        {
            relief.Values[i] = (0.03f * hairs.Values[i]) + (0.25f * luma.Values[i]);
        }
        var (width, height) = (canvas.Width, canvas.Height);
        var enlarged = painted.Resized(width, height, cancellationToken);
        relief = relief.Resized(width, height, cancellationToken);
        var scale = (float)width / small.Width;
        var step = Math.Max(1, (int)MathF.Round(scale));
        Plane.ForRows(height, y =>
        {
            var at = y * width;
            for (var x = 0; x < width; x++, at++)
            {
                var slope = (relief.At(x + step, y + step) - relief.At(x - step, y - step)) / (2f * step) * scale;
                // Steep edges of the picture itself must not glow: only small slopes are lit fully.
                var light = 0.30f * MathF.Tanh(slope * 12f);
                var (r, g, b) = (enlarged.Red.Values[at], enlarged.Green.Values[at], enlarged.Blue.Values[at]);
                Tones.Saturate(ref r, ref g, ref b, 1.3f);
                enlarged.Red.Values[at] = Lit(r, light);
                enlarged.Green.Values[at] = Lit(g, light);
                enlarged.Blue.Values[at] = Lit(b, light);
            }
        }, cancellationToken);
        return enlarged;
    }

    private static float Lit(float value, float light) => Math.Clamp(value + (light * (0.15f + value) * (1.1f - value)), 0f, 1f);
}
