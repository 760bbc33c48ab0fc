using Emu.Editing.Masks;
using Emu.Editing.Plans;

namespace Emu.Editing.Operations.Geometry;

/// <summary>Cuts borders off; what stays is copied.</summary>
internal sealed class CropOperator : IEditOperator<Crop>
{
    /// <summary>The margin around a subject, as a share of its box's longer side.</summary>
    private const double Margin = 0.08;

    /// <summary>The share of each side that is kept where nothing else is said.</summary>
    private const double MiddleShare = 0.8;

    private static readonly string[] Sides = ["left", "right", "top", "bottom", "center"];

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Crop operation, CancellationToken cancellationToken)
    {
        var picture = context.Picture;
        var (left, top, width, height) = BoxOf(context, operation);
        return Task.Run(
            () => new EditResult(picture.Cropped(left, top, width, height, cancellationToken), null)
            {
                Map = mask => mask.Cropped(left, top, width, height),
                Warnings = (width, height) == (picture.Width, picture.Height) ? ["Nothing was cut off: what is to be kept fills the picture."] : [],
            },
            cancellationToken);
    }

    private static (int Left, int Top, int Width, int Height) BoxOf(EditContext context, Crop operation)
    {
        var (width, height) = (context.Picture.Width, context.Picture.Height);
        if (operation.ToSubject)
        {
            var mask = context.Region ?? context.Subject;
            var box = mask?.BoundingBox() ?? mask?.BoundingBox(above: 0) ?? throw new EditException("There is no subject to crop to. Name a side, or paint a mask.");
            var margin = Margin * Math.Max(box.Width, box.Height);
            return Shaped(box.X - margin, box.Y - margin, box.Width + (2 * margin), box.Height + (2 * margin), operation.Aspect, grow: true, width, height);
        }
        return operation.Side switch
        {
            null when operation.Aspect is not null => Shaped(0, 0, width, height, operation.Aspect, grow: false, width, height),
            "left" => Shaped(0, 0, width / 2.0, height, operation.Aspect, grow: false, width, height),
            "right" => Shaped(width - (width / 2), 0, width / 2.0, height, operation.Aspect, grow: false, width, height),
            "top" => Shaped(0, 0, width, height / 2.0, operation.Aspect, grow: false, width, height),
            "bottom" => Shaped(0, height - (height / 2), width, height / 2.0, operation.Aspect, grow: false, width, height),
            null or "center" => Shaped(width * (1 - MiddleShare) / 2, height * (1 - MiddleShare) / 2, width * MiddleShare, height * MiddleShare, operation.Aspect, grow: false, width, height),
            _ => throw new EditException($"A picture cannot be cropped to '{operation.Side}'. Accepted: {string.Join(", ", Sides)}."),
        };
    }

    /// <summary>A box of the shape that is wanted about the middle of another: around it if there is room, or else within.</summary>
    private static (int Left, int Top, int Width, int Height) Shaped(double left, double top, double width, double height, double? aspect, bool grow, int pictureWidth, int pictureHeight)
    {
        var (middleX, middleY) = (left + (width / 2), top + (height / 2));
        if (aspect is { } shape)
        {
            if (shape is not (>= 0.01 and <= 100))
            {
                throw new EditException(FormattableString.Invariant($"A shape of {shape} (width by height) is not possible. Accepted: 0.01 to 100."));
            }
            (width, height) = width / height < shape == grow ? (height * shape, height) : (width, width / shape);
            var fit = Math.Min(1, Math.Min(pictureWidth / width, pictureHeight / height));
            (width, height) = (width * fit, height * fit);
        }
        var w = Math.Clamp((int)Math.Round(width), 1, pictureWidth);
        var h = Math.Clamp((int)Math.Round(height), 1, pictureHeight);
        return (Math.Clamp((int)Math.Round(middleX - (w / 2.0)), 0, pictureWidth - w), Math.Clamp((int)Math.Round(middleY - (h / 2.0)), 0, pictureHeight - h), w, h);
    }
}
