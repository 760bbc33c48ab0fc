namespace Emu.Editing.Operations.Drawing;

/// <summary>Square pixels, about 112 on the shorter side, in at most 36 colours found in the picture itself, with a trace of ordered dither.</summary>
internal sealed class PixelArtDrawing : IDrawing
{
    private const int Cells = 112;
    private const int Colors = 36;

    private static readonly float[] Dither = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];

    /// <inheritdoc/>
    public Canvas Draw(Canvas canvas, long seed, CancellationToken cancellationToken)
    {
        var side = Math.Max(1, (int)MathF.Round(Math.Min(canvas.Width, canvas.Height) / (float)Cells));
        var (columns, rows) = ((canvas.Width + side - 1) / side, (canvas.Height + side - 1) / side);
        var cells = Averages(canvas, side, columns, rows);
        // Contours would sink in the averages: they are sharpened before the colours are chosen.
        var soft = cells.Each(plane => plane.Blurred(1.1f, cancellationToken));
        var sharp = new Canvas(Sharpened(cells.Red, soft.Red), Sharpened(cells.Green, soft.Green), Sharpened(cells.Blue, soft.Blue));
        for (var i = 0; i < sharp.Red.Values.Length; i++)
        {
            Tones.Saturate(ref sharp.Red.Values[i], ref sharp.Green.Values[i], ref sharp.Blue.Values[i], 1.2f);
        }
        var palette = Palette.Of(sharp, Colors, cancellationToken);
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                var threshold = ((Dither[((y & 3) * 4) + (x & 3)] + 0.5f) / 16f) - 0.5f;
                palette.Replace(sharp, (y * columns) + x, threshold * 0.022f);
            }
        }
        var result = Canvas.Blank(canvas.Width, canvas.Height);
        Plane.ForRows(canvas.Height, y =>
        {
            for (var x = 0; x < canvas.Width; x++)
            {
                var (to, from) = ((y * canvas.Width) + x, (y / side * columns) + (x / side));
                result.Red.Values[to] = sharp.Red.Values[from];
                result.Green.Values[to] = sharp.Green.Values[from];
                result.Blue.Values[to] = sharp.Blue.Values[from];
            }
        }, cancellationToken);
        return result;
    }

    private static Canvas Averages(Canvas canvas, int side, int columns, int rows)
    {
        var cells = Canvas.Blank(columns, rows);
        for (var y = 0; y < canvas.Height; y++)
        {
            for (var x = 0; x < canvas.Width; x++)
            {
                var (cx, cy) = (x / side, y / side);
                var share = 1f / (Math.Min(side, canvas.Width - (cx * side)) * Math.Min(side, canvas.Height - (cy * side)));
                var (to, from) = ((cy * columns) + cx, (y * canvas.Width) + x);
                cells.Red.Values[to] += share * canvas.Red.Values[from];
                cells.Green.Values[to] += share * canvas.Green.Values[from];
                cells.Blue.Values[to] += share * canvas.Blue.Values[from];
            }
        }
        return cells;
    }

    private static Plane Sharpened(Plane plane, Plane soft)
    {
        var result = new Plane(plane.Width, plane.Height);
        for (var i = 0; i < result.Values.Length; i++)
        {
            result.Values[i] = Math.Clamp(plane.Values[i] + (0.8f * (plane.Values[i] - soft.Values[i])), 0f, 1f);
        }
        return result;
    }
}
