using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Media.ColorManagement;
using Emu.Media.Pictures;
using Emu.Media.Resizing;

namespace Emu.Generation.Edits;

/// <summary>Small pictures of edits, for people.</summary>
internal static class EditPreviews
{
    private const int LongerSide = 768;
    private const int Gap = 12;

    /// <summary>A picture in sRGB that fits into a square of 768 pixels.</summary>
    public static Picture Of(SourcePicture picture, CancellationToken cancellationToken)
    {
        // Made smaller first: converting the colours of fifty megapixels takes seconds.
        var small = Reduction.Of(picture, 2 * LongerSide, cancellationToken).ToPicture().Within(LongerSide, LongerSide);
        return SourcePicture.From(small, picture.Metadata).ToSrgb(cancellationToken);
    }

    /// <summary>Before, mask and after beside each other, on white; transparency is a checkerboard. Without a mask before and after.</summary>
    /// <param name="before">The picture before, a preview.</param>
    /// <param name="mask">Where pixels may differ; null where all may.</param>
    /// <param name="after">The picture after, a preview.</param>
    public static Picture Sheet(Picture before, EditMask? mask, Picture after)
    {
        Picture[] panels = mask is null ? [before, after] : [before, Reduction.Of(mask, 2 * LongerSide).ToPicture().Within(LongerSide, LongerSide), after];
        var height = panels.Max(panel => panel.Height);
        var width = panels.Sum(panel => panel.Width) + (Gap * (panels.Length - 1));
        return Picture.Create(width, height, panels, static (samples, panels) =>
        {
            samples.Fill(255);
            var rowBytes = samples.Length / panels.Max(panel => panel.Height);
            var left = 0;
            foreach (var panel in panels)
            {
                var shown = panel.OverChecker();
                var top = (panels.Max(other => other.Height) - shown.Height) / 2;
                for (var y = 0; y < shown.Height; y++)
                {
                    shown.Row(y).CopyTo(samples[(((top + y) * rowBytes) + (left * Picture.Channels))..]);
                }

                left += shown.Width + Gap;
            }
        });
    }
}
