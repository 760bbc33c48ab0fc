using Emu.Editing.Masks;
using Emu.Editing.Plans;

namespace Emu.Editing.Operations.Placing;

/// <summary>A rectangle in pixels.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
internal readonly record struct Box(double X, double Y, double Width, double Height)
{
    /// <summary>The right edge.</summary>
    public double Right => X + Width;

    /// <summary>The bottom edge.</summary>
    public double Bottom => Y + Height;

    /// <summary>The middle, across.</summary>
    public double CenterX => X + (Width / 2);

    /// <summary>The middle, down.</summary>
    public double CenterY => Y + (Height / 2);

    /// <summary>The box around a mask; null without a mask or where nothing belongs to it.</summary>
    public static Box? Around(EditMask? mask) => mask?.BoundingBox() is { } box ? new Box(box.X, box.Y, box.Width, box.Height) : null;
}

/// <summary>Where something comes: a region that it stays in, and the point that it is held at.</summary>
/// <param name="Area">The region.</param>
/// <param name="AnchorX">The point, across.</param>
/// <param name="AnchorY">The point, down.</param>
/// <param name="AlignX">Which part of the thing lies at the point: 0 its left edge, 1 its right edge.</param>
/// <param name="AlignY">0 its top edge, 1 its bottom edge.</param>
internal sealed record Slot(Box Area, double AnchorX, double AnchorY, double AlignX, double AlignY)
{
    // Shares of the shorter side: the distance from the border and from the subject.
    private const double Margin = 0.04;
    private const double Gap = 0.02;

    /// <summary>Where a thing of this size lies: at the point, moved into the region; in its middle if it is larger.</summary>
    public Box Place(double width, double height) =>
        new(Within(AnchorX - (AlignX * width), width, Area.X, Area.Width), Within(AnchorY - (AlignY * height), height, Area.Y, Area.Height), width, height);

    /// <summary>The slot of a place.</summary>
    /// <param name="place">Not <see cref="Placement.Auto"/>, which is for the operation to decide.</param>
    /// <param name="width">The picture's width.</param>
    /// <param name="height">The picture's height.</param>
    /// <param name="subject">The subject's box; needed by the places that are by the subject.</param>
    /// <param name="band">How high a thing at an edge may be, as a share of the picture's height.</param>
    public static Slot Of(Placement place, int width, int height, Box? subject, double band)
    {
        var margin = Margin * Math.Min(width, height);
        var frame = new Box(margin, margin, width - (2 * margin), height - (2 * margin));
        var high = Math.Min(band * height, frame.Height);
        var half = frame.Width * 0.5;
        return place switch
        {
            Placement.Top => Edge(new(frame.X, frame.Y, frame.Width, high), 0.5, 0),
            Placement.Bottom => Edge(new(frame.X, frame.Bottom - high, frame.Width, high), 0.5, 1),
            Placement.Left => Edge(new(frame.X, frame.Y, half, frame.Height), 0, 0.5),
            Placement.Right => Edge(new(frame.Right - half, frame.Y, half, frame.Height), 1, 0.5),
            Placement.TopLeft => Edge(new(frame.X, frame.Y, half, high), 0, 0),
            Placement.TopRight => Edge(new(frame.Right - half, frame.Y, half, high), 1, 0),
            Placement.BottomLeft => Edge(new(frame.X, frame.Bottom - high, half, high), 0, 1),
            Placement.BottomRight => Edge(new(frame.Right - half, frame.Bottom - high, half, high), 1, 1),
            >= Placement.OnSubject when subject is { } box => BySubject(place, frame, box, high, Gap * Math.Min(width, height)),
            _ => Edge(new(frame.X, frame.CenterY - (high * 0.75), frame.Width, high * 1.5), 0.5, 0.5),
        };
    }

    private static Slot Edge(Box area, double alignX, double alignY) =>
        new(area, area.X + (alignX * area.Width), area.Y + (alignY * area.Height), alignX, alignY);

    private static Slot BySubject(Placement place, Box frame, Box subject, double high, double gap)
    {
        // Where there is no room beside the subject, the frame's edge is used: better over it than not at all.
        var above = Math.Clamp(subject.Y - gap - frame.Y, high * 0.5, high);
        var below = Math.Clamp(frame.Bottom - subject.Bottom - gap, high * 0.5, high);
        var left = Math.Max(subject.X - gap - frame.X, frame.Width * 0.22);
        var right = Math.Max(frame.Right - subject.Right - gap, frame.Width * 0.22);
        var top = Math.Max(frame.Y, subject.Y - gap - above);
        var bottom = Math.Min(frame.Bottom, subject.Bottom + gap + below);
        return place switch
        {
            Placement.AboveSubject or Placement.OnTopOfSubject => new(new(frame.X, top, frame.Width, above), subject.CenterX, top + above, 0.5, 1),
            Placement.BelowSubject => new(new(frame.X, bottom - below, frame.Width, below), subject.CenterX, bottom - below, 0.5, 0),
            Placement.LeftOfSubject => new(new(frame.X, frame.Y, left, frame.Height), frame.X + left, subject.CenterY, 1, 0.5),
            Placement.RightOfSubject => new(new(frame.Right - right, frame.Y, right, frame.Height), frame.Right - right, subject.CenterY, 0, 0.5),
            Placement.BesideSubject => BySubject(left > right ? Placement.LeftOfSubject : Placement.RightOfSubject, frame, subject, high, gap),
            _ => new(subject, subject.CenterX, subject.CenterY, 0.5, 0.5),
        };
    }

    private static double Within(double start, double length, double from, double room) =>
        length >= room ? from + ((room - length) / 2) : Math.Clamp(start, from, from + room - length);
}
