namespace Emu.Editing.Operations.Drawing;

/// <summary>
/// Watercolour (after Bousseau, Kaplan, Thollot, Sillion 2006): colours run into flat patches whose outlines wobble, pigment gathers
/// at their edges, flows in clouds and settles in the paper's grain.
/// </summary>
internal sealed class WatercolorDrawing : IDrawing
{
    private const int PatchPixels = 900_000;

    /// <inheritdoc/>
    public Canvas Draw(Canvas canvas, long seed, CancellationToken cancellationToken)
    {
        var (width, height) = (canvas.Width, canvas.Height);
        var patches = Patches(canvas, seed, cancellationToken);
        var unit = patches.Unit;
        var luma = patches.Luma(cancellationToken);
        var around = luma.Blurred(3.5f * unit, cancellationToken);
        var edges = new Plane(luma.Width, luma.Height);
        for (var i = 0; i < edges.Values.Length; i++)
        {
            // The darker side of an edge is where pigment dries.
            edges.Values[i] = Math.Clamp((around.Values[i] - luma.Values[i]) * 6f, 0f, 1f) + Math.Clamp((luma.Values[i] - around.Values[i]) * 0.6f, 0f, 0.2f);
        }
        patches = patches.Resized(width, height, cancellationToken);
        edges = edges.Resized(width, height, cancellationToken);
        unit = canvas.Unit;
        var flow = Textures.Clouds(width, height, 260f * unit, 6, seed + 2, cancellationToken);
        var grain = Textures.Clouds(width, height, 4.5f * unit, 3, seed + 3, cancellationToken);
        Plane.ForRows(height, y =>
        {
            var at = y * width;
            for (var x = 0; x < width; x++, at++)
            {
                var (r, g, b) = (patches.Red.Values[at], patches.Green.Values[at], patches.Blue.Values[at]);
                Tones.Saturate(ref r, ref g, ref b, 1.3f);
                var density = 1f + (0.9f * edges.Values[at]) + (0.24f * flow.Values[at]) + (0.13f * grain.Values[at]);
                patches.Red.Values[at] = Pigment(r, density);
                patches.Green.Values[at] = Pigment(g, density);
                patches.Blue.Values[at] = Pigment(b, density);
            }
        }, cancellationToken);
        return patches;
    }

    private static Canvas Patches(Canvas canvas, long seed, CancellationToken cancellationToken)
    {
        var small = canvas.Within(PatchPixels, cancellationToken);
        var unit = small.Unit;
        var (width, height) = (small.Width, small.Height);
        var right = Textures.Clouds(width, height, 36f * unit, 3, seed, cancellationToken);
        var down = Textures.Clouds(width, height, 36f * unit, 3, seed + 1, cancellationToken);
        var reach = 2.8f * unit;
        var wobbly = Canvas.Blank(width, height);
        Plane.ForRows(height, y =>
        {
            var at = y * width;
            for (var x = 0; x < width; x++, at++)
            {
                var (px, py) = (x + (reach * right.Values[at]), y + (reach * down.Values[at]));
                wobbly.Red.Values[at] = small.Red.Sample(px, py);
                wobbly.Green.Values[at] = small.Green.Sample(px, py);
                wobbly.Blue.Values[at] = small.Blue.Sample(px, py);
            }
        }, cancellationToken);
        var flow = Flow.Of(wobbly, 3f * unit, cancellationToken);
        var patches = Kuwahara.Apply(wobbly, flow, Math.Clamp(9f * unit, 2.5f, 9f), cancellationToken);
        return Kuwahara.Apply(patches, flow, Math.Clamp(9f * unit, 2.5f, 9f), cancellationToken);
    }

    /// <summary>Thin paint lets the paper through; thick paint is deeper (C − (C − C²)(d − 1)).</summary>
    private static float Pigment(float value, float density)
    {
        var thin = 0.10f + (0.92f * MathF.Pow(value, 0.66f));
        return Math.Clamp(thin - ((thin - (thin * thin)) * (density - 1f)), 0f, 1f) * 0.985f;
    }
}
