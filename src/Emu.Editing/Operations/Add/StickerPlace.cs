using Emu.Editing.Masks;
using Emu.Editing.Operations.Placing;
using Emu.Editing.Plans;

namespace Emu.Editing.Operations.Add;

/// <summary>Where a sticker comes, and how large.</summary>
internal static class StickerPlace
{
    // How high a sticker in a slot is at most, as a share of the picture's height.
    private const double Band = 0.45;

    // How far what is put on a head comes down over it, as a share of its own height.
    private const double Overlap = 0.22;

    // How much of it is seen at least where the head is at the picture's upper edge.
    private const double Seen = 0.7;

    /// <summary>The sticker's box, and whether it stands on something there (rather than floating before it).</summary>
    /// <param name="context">The step.</param>
    /// <param name="operation">What is added, and where.</param>
    /// <param name="aspect">The sticker's width by its height.</param>
    public static (Box Box, bool Stands) Of(EditContext context, AddSticker operation, double aspect)
    {
        var (width, height) = (context.Picture.Width, context.Picture.Height);
        var shorter = Math.Min(width, height);
        var subject = Box.Around(context.Subject);
        var painted = context.Region is not null && ReferenceEquals(context.Region, context.Subject);
        var place = operation.Place != Placement.Auto ? operation.Place : painted ? Placement.OnSubject : CalmCorner(context, aspect);
        if (place == Placement.OnTopOfSubject && context.Subject is { } mask && Head.Of(mask) is { } head)
        {
            return (OnHead(head, aspect, operation.Size * shorter, width, height), false);
        }
        if (place == Placement.OnSubject && subject is { } whole && operation.Size is null && new InscribedBox(context.Subject!).Find(aspect) is { } room)
        {
            // Two thirds of the room: what it lies on is still to be seen.
            return (Scaled(room, painted ? 1 : 0.66), false);
        }
        var slot = Slot.Of(place, width, height, subject, Band);
        var wanted = (operation.Size ?? DefaultSize(place)) * shorter;
        var fitted = operation.Size is null ? Math.Min(wanted, Math.Max(Math.Min(slot.Area.Height, slot.Area.Width / aspect), shorter * 0.12)) : wanted;
        var high = Math.Min(fitted, Math.Min(height * 0.98, width * 0.98 / aspect));
        var stands = place is Placement.Bottom or Placement.BottomLeft or Placement.BottomRight or Placement.BesideSubject or Placement.LeftOfSubject or Placement.RightOfSubject;
        // Beside something, it stands on the same ground: foot by foot.
        slot = stands && subject is { } box && place >= Placement.OnSubject
            ? slot with { AnchorY = Math.Min(box.Bottom, height - (0.02 * shorter)), AlignY = 1, Area = new Box(slot.Area.X, 0, slot.Area.Width, height - (0.02 * shorter)) }
            : slot;
        return (slot.Place(high * aspect, high), stands);
    }

    private static double DefaultSize(Placement place) => place switch
    {
        Placement.Center => 0.5,
        >= Placement.OnSubject => 0.4,
        _ => 0.32,
    };

    private static Box OnHead(Head head, double aspect, double? wanted, int width, int height)
    {
        var high = wanted ?? head.Width * 1.15 / aspect;
        high = Math.Min(high, Math.Min(height, width / aspect) * 0.9);
        var depth = high * Overlap;
        if (wanted is null && head.Top + depth < high * Seen)
        {
            // Little room above the head: the hat is smaller and sits lower, but leaves the eyes free.
            depth = head.Width * 0.35;
            high = Math.Clamp((head.Top + depth) / Seen, high * 0.55, high);
        }
        var wide = high * aspect;
        // A head at the picture's edge: what is on it may be cut by a part, but must be seen.
        return new Box(Math.Clamp(head.CenterX - (wide / 2), -0.3 * wide, width - (0.7 * wide)), Math.Max(head.Top + depth - high, (Seen - 1) * high), wide, high);
    }

    private static Box Scaled(Box box, double factor) =>
        new(box.CenterX - (box.Width * factor / 2), box.CenterY - (box.Height * factor / 2), box.Width * factor, box.Height * factor);

    private static Placement CalmCorner(EditContext context, double aspect)
    {
        var (width, height) = (context.Picture.Width, context.Picture.Height);
        var high = 0.32 * Math.Min(width, height);
        var places = new List<(Placement, Box)>();
        foreach (var corner in (Placement[])[Placement.BottomRight, Placement.BottomLeft, Placement.TopRight, Placement.TopLeft])
        {
            places.Add((corner, Slot.Of(corner, width, height, null, Band).Place(high * aspect, high)));
        }
        return Detail.Calmest(context.Picture, places);
    }
}

/// <summary>The top of a subject, where a hat sits.</summary>
/// <param name="CenterX">Its middle, across.</param>
/// <param name="Top">Its top.</param>
/// <param name="Width">Its width.</param>
internal sealed record Head(double CenterX, double Top, double Width)
{
    // The head's part that a hat goes around, as a share of the subject's height.
    private const double Depth = 0.14;

    /// <summary>Finds the top of a mask's largest part that reaches highest; null if the mask is empty.</summary>
    public static Head? Of(EditMask mask)
    {
        if (mask.BoundingBox() is not { } box)
        {
            return null;
        }
        var rows = Math.Max(1, (int)Math.Round(box.Height * Depth));
        // A lone strand above the head is not its top: a row counts from a fifth of the widest run of the upper part.
        var runs = Enumerable.Range(box.Y, Math.Min(2 * rows, box.Height)).Select(y => Widest(mask.Row(y))).ToArray();
        var wide = runs.Max(run => run.Length);
        var first = Array.FindIndex(runs, run => run.Length >= 0.2 * wide);
        var part = runs.Skip(first).Take(rows).Where(run => run.Length > 0).ToArray();
        var last = part[^1];
        var left = part.Average(run => run.Start + (run.Length / 2d));
        return new Head((left + last.Start + (last.Length / 2d)) / 2, box.Y + first, part.Max(run => run.Length));
    }

    private static (int Start, int Length) Widest(ReadOnlySpan<byte> row)
    {
        var best = (Start: 0, Length: 0);
        for (var x = 0; x < row.Length; x++)
        {
            var start = x;
            while (x < row.Length && row[x] > 127)
            {
                x++;
            }
            best = x - start > best.Length ? (start, x - start) : best;
        }
        return best;
    }
}
