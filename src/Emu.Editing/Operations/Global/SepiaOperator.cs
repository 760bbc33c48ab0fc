using Emu.Editing.Composition;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Global;

/// <summary>Sepia by the usual matrix (Microsoft's, also of CSS's <c>sepia(1)</c>) on the encoded samples; 16-bit pictures keep their depth.</summary>
public sealed class SepiaOperator : IEditOperator<Sepia>
{
    /// <inheritdoc/>
    public Task<EditResult> ApplyAsync(EditContext context, Sepia operation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.Run(() => new EditResult(RegionEdit.Apply(context.Picture, context.Region, Edit, cancellationToken), context.Region), cancellationToken);
    }

    private static void Edit(int y, Span<float> row)
    {
        for (var i = 0; i < row.Length; i += SourcePicture.Channels)
        {
            var (r, g, b) = (row[i], row[i + 1], row[i + 2]);
            row[i] = (0.393f * r) + (0.769f * g) + (0.189f * b);
            row[i + 1] = (0.349f * r) + (0.686f * g) + (0.168f * b);
            row[i + 2] = (0.272f * r) + (0.534f * g) + (0.131f * b);
        }
    }
}
