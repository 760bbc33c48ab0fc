namespace Emu.Diffusion.ChannelLayouts;

/// <summary>How one conditioning picture spreads over a clip's frames.</summary>
public enum ImagePadding
{
    /// <summary>On the first frame, zeros on the others (Emu Video).</summary>
    Zero,

    /// <summary>On every frame (Stable Video Diffusion).</summary>
    Repeat,
}
