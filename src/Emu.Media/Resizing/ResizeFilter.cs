namespace Emu.Media.Resizing;

/// <summary>How samples between samples are found. Every filter is widened when a picture is made smaller, so that nothing is skipped.</summary>
public enum ResizeFilter
{
    /// <summary>For each direction: <see cref="Area"/> to make smaller, <see cref="Lanczos3"/> to make larger.</summary>
    Best,

    /// <summary>The mean over the area a new pixel covers (a box).</summary>
    Area,

    /// <summary>Cubic convolution with a = −½ (Keys 1981; Catmull-Rom), 4 taps.</summary>
    Bicubic,

    /// <summary>Windowed sinc of three lobes (Duchon 1979), 6 taps: the sharpest, with slight halos at hard edges.</summary>
    Lanczos3,
}
