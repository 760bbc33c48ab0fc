using Emu.Editing.Masks;
using Emu.Editing.Plans;
using Emu.Media.Pictures;
using Emu.Media.Resizing;

namespace Emu.Editing.Operations.Add;

/// <summary>
/// Adds a sticker that the sticker model makes: trimmed, scaled, placed in the picture or by its subject, lit a little as its
/// surroundings are, with a soft shadow. Only what the sticker and its shadow cover changes.
/// </summary>
public sealed class AddStickerOperator : IEditOperator<AddSticker>
{
    // Samples of the model's stickers below this opacity are noise around them.
    private const byte Faint = 12;

    /// <inheritdoc/>
    public async Task<EditResult> ApplyAsync(EditContext context, AddSticker operation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(operation);
        if (string.IsNullOrWhiteSpace(operation.Prompt))
        {
            throw new EditException("There is nothing to add. Say what, for instance: add a crown.");
        }
        if (operation.Size is { } size && size is not (>= 0.05 and <= 1))
        {
            throw new EditException($"A sticker is not {size} of the picture's shorter side. Accepted: 0.05 to 1.");
        }
        var maker = context.Stickers ?? throw new EditException("Adding something takes the sticker model, and there is none here. Add a model, or leave this step out.");
        var sticker = Trimmed(await maker.MakeAsync(operation.Prompt, context.Seed, cancellationToken), operation.Prompt);
        return await Task.Run(() => Add(context, operation, sticker, cancellationToken), cancellationToken);
    }

    private static EditResult Add(EditContext context, AddSticker operation, Picture sticker, CancellationToken cancellationToken)
    {
        var (box, stands) = StickerPlace.Of(context, operation, (double)sticker.Width / sticker.Height);
        var (width, height) = ((int)Math.Max(1, Math.Round(box.Width)), (int)Math.Max(1, Math.Round(box.Height)));
        var scaled = sticker.Resized(width, height, ResizeFilter.Best);
        cancellationToken.ThrowIfCancellationRequested();
        var light = StickerLight.Of(context.Picture, box);
        return StickerShadow.Under(scaled, (int)Math.Round(box.X), (int)Math.Round(box.Y), light, stands, cancellationToken).Over(context, cancellationToken);
    }

    /// <summary>The sticker without its transparent border.</summary>
    private static Picture Trimmed(Picture sticker, string prompt)
    {
        var opacity = EditMask.CreateByRows(sticker.Width, sticker.Height, (y, row) =>
        {
            var samples = sticker.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] = samples[(x * Picture.Channels) + 3];
            }
        });
        return opacity.BoundingBox(Faint) is { } box
            ? sticker.Cropped(box.X, box.Y, box.Width, box.Height)
            : throw new EditException($"The sticker model made nothing visible of \"{prompt}\". Say it in other words, or take another seed.");
    }
}
