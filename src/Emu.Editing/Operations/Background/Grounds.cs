using System.Numerics;
using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Background;

/// <summary>Gives a row of a new ground.</summary>
/// <param name="y">Which row.</param>
/// <param name="row">Straight red, green, blue and alpha, 0 to 1; filled.</param>
internal delegate void GroundRow(int y, Span<Vector4> row);

/// <summary>New grounds.</summary>
internal static class Grounds
{
    /// <summary>Of cells at which a lens's disc is still round.</summary>
    private const int DiscCells = 8;

    /// <summary>A colour as numbers from 0 to 1.</summary>
    public static Vector4 ToVector(this PictureColor color) => new Vector4(color.Red, color.Green, color.Blue, color.Alpha) / 255f;

    /// <summary>One colour.</summary>
    public static GroundRow Solid(PictureColor color)
    {
        var pixel = color.ToVector();
        return (_, row) => row.Fill(pixel);
    }

    /// <summary>A gradient from edge to edge along a direction, dithered by less than a step of 8 bits so that it shows no bands.</summary>
    public static GroundRow Gradient(GradientBackground gradient, int width, int height)
    {
        var (from, to) = (gradient.From.ToVector(), gradient.To.ToVector());
        var (sine, cosine) = Math.SinCos(gradient.Degrees * Math.PI / 180);
        var length = Math.Max(1, (Math.Abs(cosine) * (width - 1)) + (Math.Abs(sine) * (height - 1)));
        return (y, row) =>
        {
            for (var x = 0; x < row.Length; x++)
            {
                var along = ((x - ((width - 1) / 2.0)) * cosine) + ((y - ((height - 1) / 2.0)) * sine);
                var color = Vector4.Lerp(from, to, (float)Math.Clamp((along / length) + 0.5, 0, 1));
                row[x] = color + (new Vector4(1, 1, 1, 0) * (Dither(x, y) / 255f));
            }
        };
    }

    /// <summary>A picture of the frame's size.</summary>
    public static GroundRow Of(Picture picture) => (y, row) =>
    {
        var samples = picture.Row(y);
        for (int x = 0, s = 0; x < row.Length; x++, s += Picture.Channels)
        {
            row[x] = new Vector4(samples[s], samples[s + 1], samples[s + 2], samples[s + 3]) / 255f;
        }
    };

    /// <summary>The picture's own ground out of focus, without any of the subject's colours.</summary>
    public static GroundRow OutOfFocus(SourcePicture picture, EditMask ground, double strength, CancellationToken cancellationToken)
    {
        var radius = Math.Max(0.5, strength * Math.Min(picture.Width, picture.Height) / 20);
        var side = Math.Max(1, (int)(radius / DiscCells));
        var grid = ColorGrid.Read(
            picture,
            side,
            (y, weights) =>
            {
                var row = ground.Row(y);
                for (var x = 0; x < weights.Length; x++)
                {
                    weights[x] = row[x] / 255f;
                }
            },
            isLight: true,
            cancellationToken);
        var blurred = grid.Eroded(cancellationToken).OverDisc((float)(radius / side), cancellationToken);
        // Once more, so that cells do not show; and into the subject, whose edge may need it.
        var smooth = (side > 1 ? blurred.ByGaussian(0.7f, cancellationToken) : blurred).Filled();
        return (y, row) =>
        {
            for (var x = 0; x < row.Length; x++)
            {
                row[x] = smooth.Sample(x, y);
            }
        };
    }

    /// <summary>−½ to ½, evenly, by the place (interleaved gradient noise: Jimenez, "Next generation post processing in Call of Duty", SIGGRAPH 2014).</summary>
    private static float Dither(int x, int y)
    {
        var value = (0.06711056 * x) + (0.00583715 * y);
        value = 52.9829189 * (value - Math.Floor(value));
        return (float)(value - Math.Floor(value) - 0.5);
    }
}
