using Emu.Editing.Operations.Placing;
using Emu.Media.Pictures;
using SkiaSharp;

namespace Emu.Editing.Operations.Text;

/// <summary>How letters look.</summary>
/// <param name="Fill">Their colour.</param>
/// <param name="Outline">The colour around them.</param>
/// <param name="OutlineWidth">The outline's width as a share of the letters' size.</param>
/// <param name="Shadow">The shadow's opacity, 0 to 1.</param>
internal sealed record TextLook(PictureColor Fill, PictureColor Outline, float OutlineWidth, float Shadow);

/// <summary>Draws words: a soft shadow, an outline, the letters.</summary>
internal static class TextPainter
{
    /// <summary>Draws a block.</summary>
    /// <param name="block">The words.</param>
    /// <param name="box">Where they come in the picture, in pixels.</param>
    /// <param name="scale">How much larger than <see cref="TextLine.Em"/>.</param>
    /// <param name="align">How lines lie: 0 left, 0.5 centred, 1 right.</param>
    /// <param name="look">How they look.</param>
    public static Layer Draw(TextBlock block, Box box, double scale, double align, TextLook look)
    {
        var size = (float)(scale * TextLine.Em);
        var outline = size * look.OutlineWidth;
        var blur = size * 0.07f;
        // Ink may reach a little beyond the advance widths.
        var margin = (int)Math.Ceiling(outline + (3.5f * blur) + (size * 0.2f));
        var (x, y) = ((int)Math.Floor(box.X) - margin, (int)Math.Floor(box.Y) - margin);
        var (width, height) = ((int)Math.Ceiling(box.Width) + (2 * margin) + 1, (int)Math.Ceiling(box.Height) + (2 * margin) + 1);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Transparent);
        canvas.Translate((float)(box.X - x), (float)(box.Y - y));
        using var shadow = SKImageFilter.CreateDropShadowOnly(0, size * 0.035f, blur, blur, new SKColor(0, 0, 0, (byte)(255 * look.Shadow)));
        using var layer = new SKPaint { ImageFilter = shadow };
        canvas.SaveLayer(layer);
        Letters(canvas, block, size, align, look, outline);
        canvas.Restore();
        Letters(canvas, block, size, align, look, outline);
        canvas.Flush();
        return new Layer(x, y, width, height, bitmap.GetPixelSpan().ToArray());
    }

    private static void Letters(SKCanvas canvas, TextBlock block, float size, double align, TextLook look, float outline)
    {
        using var stroke = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 2 * outline, StrokeJoin = SKStrokeJoin.Round, Color = ColorOf(look.Outline) };
        using var fill = new SKPaint { IsAntialias = true, Color = ColorOf(look.Fill) };
        // All outlines first: none may cover a neighbour's letter. Emoji have colours of their own and no outline.
        if (outline > 0)
        {
            Runs(canvas, block, size, align, stroke, font => !font.IsColor);
        }
        Runs(canvas, block, size, align, fill, _ => true);
    }

    private static void Runs(SKCanvas canvas, TextBlock block, float size, double align, SKPaint paint, Func<TextFont, bool> which)
    {
        var scale = size / TextLine.Em;
        for (var i = 0; i < block.Lines.Count; i++)
        {
            var start = block.Start(i, align);
            foreach (var run in block.Lines[i].Runs.Where(run => run.Glyphs.Length > 0 && which(run.Font)))
            {
                using var font = TextLine.FontOf(run.Font, size);
                using var builder = new SKTextBlobBuilder();
                builder.AddPositionedRun(run.Glyphs, font, Array.ConvertAll(run.Points, point => new SKPoint((point.X + start.X) * scale, (point.Y + start.Y) * scale)));
                using var blob = builder.Build();
                canvas.DrawText(blob, 0, 0, paint);
            }
        }
    }

    private static SKColor ColorOf(PictureColor color) => new(color.Red, color.Green, color.Blue, color.Alpha);
}
