using Emu.Editing.Masks;
using Emu.Media.Pictures;

namespace Emu.Api.Tests.Server;

/// <summary>
/// Finds subjects without a model: the pixels that differ from the picture's corner. Pictures with a magenta corner take time, as
/// long as nobody cancels or opens the <see cref="Gate"/>.
/// </summary>
public sealed class CornerFinder : ISubjectFinder
{
    /// <summary>The corner of pictures that take time.</summary>
    public static PictureColor SlowCorner { get; } = new(255, 0, 255, 255);

    /// <summary>Lets slow pictures pass.</summary>
    public TaskCompletionSource Gate { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? Missing { get; set; }

    public async Task<EditMask> FindAsync(SourcePicture picture, CancellationToken cancellationToken)
    {
        if (picture.Bits == 8 && picture.Bytes[..4].SequenceEqual((byte[])[SlowCorner.Red, SlowCorner.Green, SlowCorner.Blue, SlowCorner.Alpha]))
        {
            await Gate.Task.WaitAsync(cancellationToken);
        }

        return EditMask.CreateByRows(picture.Width, picture.Height, (y, row) =>
        {
            var corner = picture.RowBytes(0)[..picture.BytesPerPixel];
            var pixels = picture.RowBytes(y);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] = pixels.Slice(x * picture.BytesPerPixel, picture.BytesPerPixel).SequenceEqual(corner) ? (byte)0 : (byte)255;
            }
        }, cancellationToken);
    }
}
