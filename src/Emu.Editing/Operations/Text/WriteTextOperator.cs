using Emu.Editing.Masks;
using Emu.Editing.Operations.Placing;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Text;

/// <summary>
/// Writes words: typeset with HarfBuzz and Skia in the fonts that come with the program, from left to right or right to left, with
/// emoji, an outline and a soft shadow; wrapped, and as large as fits. Only what the letters, outline and shadow cover changes.
/// </summary>
public sealed class WriteTextOperator : IEditOperator<WriteText>
{
    /// <summary>The most characters that are written.</summary>
    public const int MostCharacters = 400;

    // How high words at an edge are at most, as a share of the picture's height.
    private const double Band = 0.2;

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, WriteText operation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(operation);
        if (string.IsNullOrWhiteSpace(operation.Words))
        {
            throw new EditException("There are no words to write. Say which, for instance: write \"Aloha!\" on it.");
        }
        if (operation.Words.Length > MostCharacters)
        {
            throw new EditException($"The words have {operation.Words.Length} characters. Accepted: at most {MostCharacters}.");
        }
        if (operation.Size is { } size && size is not (>= 0.005 and <= 1))
        {
            throw new EditException($"Letters are not {size} of the picture's height. Accepted: 0.005 to 1.");
        }
        return Task.Run(() => Write(context, operation, cancellationToken), cancellationToken);
    }

    private static EditResult Write(EditContext context, WriteText operation, CancellationToken cancellationToken)
    {
        var picture = context.Picture;
        var wrapping = new TextWrapping(operation.Words);
        cancellationToken.ThrowIfCancellationRequested();
        var (block, box, scale, align) = Place(context, operation, wrapping);
        var ground = GroundTone.Of(picture, box);
        return TextPainter.Draw(block, box, scale, align, Look(operation.Color, ground)).Over(context, cancellationToken);
    }

    private static (TextBlock Block, Box Box, double Scale, double Align) Place(EditContext context, WriteText operation, TextWrapping wrapping)
    {
        var (width, height) = (context.Picture.Width, context.Picture.Height);
        var place = operation.Place != Placement.Auto ? operation.Place
            : context.Region is not null && ReferenceEquals(context.Region, context.Subject) ? Placement.OnSubject
            : Detail.Calmest(context.Picture, [(Placement.Bottom, Edge(context.Picture, 1 - Band)), (Placement.Top, Edge(context.Picture, 0))]);
        if (place == Placement.OnSubject && operation.Size is null && context.Subject is { } subject && Inside(subject, wrapping) is { } inside)
        {
            return inside;
        }
        var slot = Slot.Of(place, width, height, Box.Around(context.Subject), Band);
        // A size that was asked for counts more than the slot: the words may take the whole frame, but no more.
        var most = operation.Size * height / (TextBlock.Capital * TextLine.Em) ?? double.MaxValue;
        var block = wrapping.Fit(slot.Area.Width, slot.Area.Height, most, out var scale);
        block = operation.Size is null || scale >= most ? block : wrapping.Fit(width * 0.92, height * 0.92, most, out scale);
        var box = Framed(slot.Place(block.Width * scale, block.Height * scale), width, height);
        return (block, box, scale, slot.AlignX);
    }

    /// <summary>The words where they are largest within the subject.</summary>
    private static (TextBlock Block, Box Box, double Scale, double Align)? Inside(EditMask subject, TextWrapping wrapping)
    {
        var room = new InscribedBox(subject);
        (TextBlock Block, Box Box, double Scale, double Align)? best = null;
        foreach (var aspect in (double[])[12, 8, 5, 3.5, 2.4, 1.6, 1])
        {
            // A margin around the letters for outline and breath.
            var block = wrapping.Fit(aspect, 1, double.MaxValue, out _);
            var shape = (block.Width + (TextLine.Em * 0.3)) / (block.Height + (TextLine.Em * 0.3));
            if (room.Find(shape) is { } found)
            {
                var scale = found.Height / (block.Height + (TextLine.Em * 0.3));
                var margin = TextLine.Em * 0.15 * scale;
                best = best is null || scale > best.Value.Scale * 1.01
                    ? (block, new Box(found.X + margin, found.Y + margin, block.Width * scale, block.Height * scale), scale, 0.5)
                    : best;
            }
        }
        return best;
    }

    // Larger than their slot, words may reach over the subject, but not over the picture's border.
    private static Box Framed(Box box, int width, int height)
    {
        var margin = 0.02 * Math.Min(width, height);
        return box with { X = Within(box.X, box.Width, width, margin), Y = Within(box.Y, box.Height, height, margin) };

        static double Within(double start, double length, double room, double margin) =>
            length + (2 * margin) >= room ? (room - length) / 2 : Math.Clamp(start, margin, room - margin - length);
    }

    private static Box Edge(SourcePicture picture, double from) => new(0, from * picture.Height, picture.Width, Band * picture.Height);

    /// <summary>White with an outline of the ground's hue, dark; or the colour that was asked for, with an outline that stands out from it.</summary>
    private static TextLook Look(PictureColor? asked, GroundTone ground)
    {
        var fill = asked ?? PictureColor.White;
        var light = GroundTone.Luminance(fill);
        var outline = light > 0.25 ? ground.Dark() : PictureColor.White;
        // WCAG's contrast: where the ground is as light as the letters, the outline has to carry them.
        var contrast = GroundTone.Contrast(light, ground.Light);
        return new TextLook(fill, outline, contrast < 3 ? 0.085f : 0.055f, contrast < 3 ? 0.6f : 0.45f);
    }
}
