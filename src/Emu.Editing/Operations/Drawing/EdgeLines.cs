namespace Emu.Editing.Operations.Drawing;

/// <summary>Lines on the dark side of edges: the difference of two Gaussians (Marr and Hildreth 1980), softly thresholded (Winnemöller 2011).</summary>
internal static class EdgeLines
{
    /// <summary>Paper with ink: 1 where there is none, 0 where it is black.</summary>
    /// <param name="luma">The picture's light, 0 to 1.</param>
    /// <param name="sigma">Half of a line's thickness in pixels.</param>
    /// <param name="faintest">The difference at which ink begins, about 0.01.</param>
    /// <param name="strongest">The difference from which on it is black.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static Plane Of(Plane luma, float sigma, float faintest, float strongest, CancellationToken cancellationToken)
    {
        var near = luma.Blurred(sigma, cancellationToken);
        var far = luma.Blurred(sigma * 1.6f, cancellationToken);
        var lines = new Plane(luma.Width, luma.Height);
        Plane.ForRows(luma.Height, y =>
        {
            var a = near.Row(y);
            var b = far.Row(y);
            var to = lines.Row(y);
            for (var x = 0; x < to.Length; x++)
            {
                to[x] = 1f - Tones.Step(b[x] - a[x], faintest, strongest);
            }
        }, cancellationToken);
        return lines;
    }
}
