using System.Numerics;
using Emu.Editing.Masks;
using Emu.Media.Pictures;

namespace Emu.Editing.Composition;

/// <summary>
/// The subject's own colours where its edge is soft: there a pixel shows subject and ground mixed, and on another ground the old
/// one would remain as a fringe. The colours of both that are sure are spread into the edge, and the pixel's own difference is
/// added (Forte, "Approximate fast foreground colour estimation", ICIP 2021, equation 5).
/// </summary>
internal sealed class SubjectColors
{
    /// <summary>The grids' longer side: colours change slowly.</summary>
    private const int GridSide = 1024;

    /// <summary>From this share on a pixel counts as wholly the subject's or the ground's.</summary>
    private const int Sure = 243;

    private readonly ColorGrid _subject;
    private readonly ColorGrid _ground;

    private SubjectColors(ColorGrid subject, ColorGrid ground) => (_subject, _ground) = (subject, ground);

    /// <summary>Looks for the colours that are sure.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="ground">How much of each pixel is ground.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Null where no edge is soft.</returns>
    public static SubjectColors? Estimate(SourcePicture picture, EditMask ground, CancellationToken cancellationToken)
    {
        if (!ground.Values.ContainsAnyInRange((byte)1, (byte)254))
        {
            return null;
        }
        var side = Math.Max(1, (Math.Max(picture.Width, picture.Height) + GridSide - 1) / GridSide);
        return new SubjectColors(Read(255), Read(0));

        ColorGrid Read(int flip) => ColorGrid.Read(
            picture,
            side,
            (y, weights) =>
            {
                var row = ground.Row(y);
                for (var x = 0; x < weights.Length; x++)
                {
                    weights[x] = (row[x] ^ flip) >= Sure ? 1 : 0;
                }
            },
            isLight: false,
            cancellationToken).Filled();
    }

    /// <summary>The subject's colour at a pixel, with the pixel's alpha.</summary>
    /// <param name="x">Column.</param>
    /// <param name="y">Row.</param>
    /// <param name="pixel">What the pixel shows: straight red, green, blue, alpha.</param>
    /// <param name="share">How much of it is the subject, 0 to 1.</param>
    public Vector4 At(int x, int y, Vector4 pixel, float share)
    {
        var subject = _subject.Sample(x, y);
        if (subject.W == 0)
        {
            return pixel;
        }
        var mixed = Vector4.Lerp(_ground.Sample(x, y), subject, share);
        var own = Vector4.Clamp(subject + ((pixel - mixed) * share), Vector4.Zero, Vector4.One);
        own.W = pixel.W;
        return own;
    }
}
