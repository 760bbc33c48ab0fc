using Emu.Editing.Composition;
using Emu.Editing.Plans;

namespace Emu.Editing.Operations.Drawing;

/// <summary>One manner of drawing.</summary>
internal interface IDrawing
{
    /// <summary>Draws a picture anew, at the same size.</summary>
    Canvas Draw(Canvas canvas, long seed, CancellationToken cancellationToken);
}

/// <summary>
/// Draws the picture, or a region of it, by a classical filter. Strokes have a size relative to the picture's shorter side, so that a
/// small picture and a large one look alike. Above 7 megapixels the drawing is made smaller and enlarged.
/// </summary>
public sealed class DrawAsOperator : IEditOperator<DrawAs>
{
    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, DrawAs operation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(operation);
        IDrawing drawing = operation.Style switch
        {
            DrawingStyle.Sketch => new SketchDrawing(),
            DrawingStyle.Oil => new OilDrawing(),
            DrawingStyle.PixelArt => new PixelArtDrawing(),
            DrawingStyle.Comic => new ComicDrawing(),
            DrawingStyle.Watercolor => new WatercolorDrawing(),
            _ => throw new EditException($"{operation.Style} is not a way of drawing. Accepted: {string.Join(", ", Enum.GetNames<DrawingStyle>())}."),
        };
        return Task.Run(
            () =>
            {
                var picture = context.Picture;
                var drawn = drawing.Draw(Canvas.Read(picture, cancellationToken), context.Seed, cancellationToken);
                return new EditResult(
                    RegionEdit.Apply(picture, context.Region, (y, row) => drawn.WriteRow(y, picture.Height, row), cancellationToken),
                    context.Region);
            },
            cancellationToken);
    }
}
