using Emu.Editing.Composition;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Global;

/// <summary>Rounds each channel to a few levels, spread evenly from nothing to full.</summary>
public sealed class PosterizeOperator : IEditOperator<Posterize>
{
    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Posterize operation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(operation);
        if (operation.Levels is < 2 or > 16)
        {
            throw new EditException($"A picture is not posterised to {operation.Levels} levels. Accepted: 2 to 16.");
        }
        var steps = operation.Levels - 1;
        return Task.Run(
            () => new EditResult(RegionEdit.Apply(context.Picture, context.Region, (_, row) => Edit(row, steps), cancellationToken), context.Region),
            cancellationToken);
    }

    private static void Edit(Span<float> row, int steps)
    {
        for (var i = 0; i < row.Length; i++)
        {
            if (i % SourcePicture.Channels != 3)
            {
                row[i] = MathF.Floor((row[i] * steps) + 0.5f) / steps;
            }
        }
    }
}
