using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Background;

/// <summary>Lays what is no ground over a new ground (Porter and Duff's <c>over</c>).</summary>
internal static class GroundReplacement
{
    /// <summary>The picture on another ground.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="ground">How much of each pixel is ground.</param>
    /// <param name="newGround">The other ground.</param>
    /// <param name="cancellationToken">Stops at the next row.</param>
    public static SourcePicture Apply(SourcePicture picture, EditMask ground, GroundRow newGround, CancellationToken cancellationToken)
    {
        var colors = SubjectColors.Estimate(picture, ground, cancellationToken);
        return SourcePicture.CreateByRows(
            picture.Width,
            picture.Height,
            picture.Bits,
            picture.Metadata,
            (y, bytes) =>
            {
                var shares = ground.Row(y);
                if (!shares.ContainsAnyExcept((byte)0))
                {
                    picture.RowBytes(y).CopyTo(bytes);
                    return;
                }
                var length = picture.Width * SourcePicture.Channels;
                var rented = ArrayPool<float>.Shared.Rent(2 * length);
                var samples = rented.AsSpan(0, length);
                var pixels = MemoryMarshal.Cast<float, Vector4>(samples);
                var behind = MemoryMarshal.Cast<float, Vector4>(rented.AsSpan(length, length));
                picture.ReadRow(y, samples);
                newGround(y, behind);
                for (var x = 0; x < pixels.Length; x++)
                {
                    pixels[x] = shares[x] switch
                    {
                        0 => pixels[x],
                        255 => behind[x].W > 0 ? behind[x] : default,
                        var share => Over(colors!.At(x, y, pixels[x], 1 - (share / 255f)), 1 - (share / 255f), behind[x]),
                    };
                }
                SourcePicture.WriteRow(samples, picture.Bits, bytes);
                ArrayPool<float>.Shared.Return(rented);
            },
            cancellationToken);
    }

    private static Vector4 Over(Vector4 subject, float share, Vector4 ground)
    {
        var (above, below) = (share * subject.W, (1 - share) * ground.W);
        var alpha = above + below;
        if (alpha <= 0)
        {
            return default;
        }
        var mixed = ((subject * above) + (ground * below)) / alpha;
        mixed.W = alpha;
        return mixed;
    }
}
