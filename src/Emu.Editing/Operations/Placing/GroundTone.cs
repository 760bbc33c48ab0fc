using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Placing;

/// <summary>The mean colour of a part of a picture, sRGB, 0 to 1.</summary>
/// <param name="Red">Red.</param>
/// <param name="Green">Green.</param>
/// <param name="Blue">Blue.</param>
internal sealed record GroundTone(float Red, float Green, float Blue)
{
    // A look at this many points along each axis is enough for a mean.
    private const int Points = 48;

    /// <summary>Relative luminance (WCAG 2), 0 to 1.</summary>
    public double Light => Luminance(Red, Green, Blue);

    /// <summary>The mean colour of a part of a picture; of transparent pixels, white.</summary>
    public static GroundTone Of(SourcePicture picture, Box box)
    {
        var row = new float[picture.Width * SourcePicture.Channels];
        var (red, green, blue) = (0f, 0f, 0f);
        for (var j = 0; j < Points; j++)
        {
            picture.ReadRow(Math.Clamp((int)(box.Y + ((j + 0.5) / Points * box.Height)), 0, picture.Height - 1), row);
            for (var i = 0; i < Points; i++)
            {
                var pixel = row.AsSpan(Math.Clamp((int)(box.X + ((i + 0.5) / Points * box.Width)), 0, picture.Width - 1) * SourcePicture.Channels, SourcePicture.Channels);
                red += 1 + (pixel[3] * (pixel[0] - 1));
                green += 1 + (pixel[3] * (pixel[1] - 1));
                blue += 1 + (pixel[3] * (pixel[2] - 1));
            }
        }
        return new GroundTone(red / (Points * Points), green / (Points * Points), blue / (Points * Points));
    }

    /// <summary>The tone's hue, dark: an outline that belongs to the picture.</summary>
    public PictureColor Dark()
    {
        var most = Math.Max(0.05f, Math.Max(Red, Math.Max(Green, Blue)));
        return new PictureColor(Part(Red), Part(Green), Part(Blue));

        // An eighth of full light at the strongest channel, half way to grey.
        byte Part(float value) => (byte)(34f * (0.5f + (0.5f * value / most)));
    }

    /// <summary>Relative luminance of a colour (WCAG 2), 0 to 1.</summary>
    public static double Luminance(PictureColor color) => Luminance(color.Red / 255d, color.Green / 255d, color.Blue / 255d);

    /// <summary>Contrast of two luminances (WCAG 2), 1 to 21.</summary>
    public static double Contrast(double first, double second) => (Math.Max(first, second) + 0.05) / (Math.Min(first, second) + 0.05);

    private static double Luminance(double red, double green, double blue) => (0.2126 * Linear(red)) + (0.7152 * Linear(green)) + (0.0722 * Linear(blue));

    private static double Linear(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
}
