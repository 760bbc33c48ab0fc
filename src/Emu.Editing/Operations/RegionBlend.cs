using System.Buffers;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations;

/// <summary>Confines an edit of the whole picture to a region.</summary>
internal static class RegionBlend
{
    /// <summary>The edited picture where the step's region is, the picture before elsewhere, and a mixture by the region's values between.</summary>
    /// <param name="context">The step.</param>
    /// <param name="edited">The whole picture, edited; of the same size and depth.</param>
    public static EditResult Within(EditContext context, SourcePicture edited)
    {
        if (context.Region is not { } region)
        {
            return new EditResult(edited, null);
        }
        var source = context.Picture;
        var blended = SourcePicture.Create(source.Width, source.Height, source.Bits, source.Metadata, (source, edited, region), static (bytes, state) =>
        {
            var samples = state.source.Width * SourcePicture.Channels;
            var length = state.source.Width * state.source.BytesPerPixel;
            var before = ArrayPool<float>.Shared.Rent(samples);
            var after = ArrayPool<float>.Shared.Rent(samples);
            for (var y = 0; y < state.source.Height; y++)
            {
                state.source.ReadRow(y, before);
                state.edited.ReadRow(y, after);
                var mask = state.region.Row(y);
                for (var i = 0; i < samples; i++)
                {
                    before[i] += (after[i] - before[i]) * (mask[i / SourcePicture.Channels] / 255f);
                }
                SourcePicture.WriteRow(before.AsSpan(0, samples), state.source.Bits, bytes.Slice(y * length, length));
            }
            ArrayPool<float>.Shared.Return(before);
            ArrayPool<float>.Shared.Return(after);
        });
        return new EditResult(blended, region);
    }
}
