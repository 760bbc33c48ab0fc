using Emu.Editing.Composition;
using Emu.Editing.Operations.Drawing;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Global;

/// <summary>Darkens towards the corners: by nothing within a third of the way from the middle, by the amount in the very corners, smoothly between.</summary>
public sealed class VignetteOperator : IEditOperator<Vignette>
{
    private const float Clear = 1f / 3f;

    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Vignette operation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(operation);
        if (operation.Amount is not (>= 0 and <= 1))
        {
            throw new EditException($"A vignette is not {operation.Amount} strong. Accepted: 0 to 1.");
        }
        var (width, height, amount) = (context.Picture.Width, context.Picture.Height, (float)operation.Amount);
        return Task.Run(
            () => new EditResult(RegionEdit.Apply(context.Picture, context.Region, (y, row) => Edit(row, y, width, height, amount), cancellationToken), context.Region),
            cancellationToken);
    }

    private static void Edit(Span<float> row, int y, int width, int height, float amount)
    {
        var down = ((2f * (y + 0.5f)) - height) / height;
        for (var x = 0; x < width; x++)
        {
            var right = ((2f * (x + 0.5f)) - width) / width;
            var distance = MathF.Sqrt(((right * right) + (down * down)) / 2f);
            var light = 1f - (amount * Tones.Step(distance, Clear, 1f));
            var pixel = row.Slice(x * SourcePicture.Channels, 3);
            pixel[0] *= light;
            pixel[1] *= light;
            pixel[2] *= light;
        }
    }
}
