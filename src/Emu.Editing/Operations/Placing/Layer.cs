using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Placing;

/// <summary>Something drawn that is laid over a picture: 8-bit red, green, blue (times alpha) and alpha, <c>[height, width, 4]</c>.</summary>
/// <param name="X">Where its left edge lies in the picture, in pixels; may be outside.</param>
/// <param name="Y">Where its top edge lies.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Pixels">The premultiplied samples.</param>
internal sealed record Layer(int X, int Y, int Width, int Height, byte[] Pixels)
{
    /// <summary>
    /// The step's picture with the layer over it, blended in float at the picture's own depth; changed is what the layer covers.
    /// Where the step is about the ground or a painted region, the layer shows there only.
    /// </summary>
    public EditResult Over(EditContext context, CancellationToken cancellationToken)
    {
        var picture = context.Picture;
        // Words and stickers by the subject may reach beyond it.
        var clip = ReferenceEquals(context.Region, context.Subject) ? null : context.Region;
        var changed = EditMask.CreateByRows(picture.Width, picture.Height, (y, row) => Cover(y, row, clip), cancellationToken);
        if (changed.IsEmpty)
        {
            throw new EditException("Nothing of what was to be added would be seen: it lies outside the picture or behind what was kept.");
        }
        return new EditResult(RegionEdit.Apply(picture, changed, (y, row) => Blend(y, row, clip), cancellationToken), changed);
    }

    // 255 wherever anything shows: how much is mixed is the blend's matter.
    private void Cover(int y, Span<byte> row, EditMask? clip)
    {
        row.Clear();
        var (from, to) = Columns(y, row.Length);
        for (var x = from; x < to; x++)
        {
            row[x] = Pixels[((((y - Y) * Width) + x - X) * 4) + 3] > 0 && (clip is null || clip.Row(y)[x] > 0) ? (byte)255 : (byte)0;
        }
    }

    private void Blend(int y, Span<float> row, EditMask? clip)
    {
        var (from, to) = Columns(y, row.Length / SourcePicture.Channels);
        for (var x = from; x < to; x++)
        {
            var above = Pixels.AsSpan((((y - Y) * Width) + x - X) * 4, 4);
            var share = clip is null ? 1f / 255f : clip.Row(y)[x] / (255f * 255f);
            var pixel = row.Slice(x * SourcePicture.Channels, SourcePicture.Channels);
            var below = pixel[3] * (1f - (above[3] * share));
            var alpha = (above[3] * share) + below;
            if (above[3] == 0 || alpha <= 0)
            {
                continue;
            }
            for (var c = 0; c < 3; c++)
            {
                pixel[c] = ((above[c] * share) + (pixel[c] * below)) / alpha;
            }
            pixel[3] = alpha;
        }
    }

    private (int From, int To) Columns(int y, int width) => y < Y || y >= Y + Height ? (0, 0) : (Math.Max(0, X), Math.Min(width, X + Width));
}
