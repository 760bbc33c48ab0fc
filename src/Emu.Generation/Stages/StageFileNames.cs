namespace Emu.Generation.Stages;

/// <summary>The files that the model stages leave.</summary>
public static class StageFileNames
{
    /// <summary>The keyframe's latents <c>[1, latent channels, height, width]</c>; read by the animate stage.</summary>
    public const string KeyframeLatents = "keyframe.safetensors";

    /// <summary>The keyframe at the size asked for, with its transparency.</summary>
    public const string KeyframePicture = "keyframe.png";

    /// <summary>The clip's latents <c>[frames, latent channels, height, width]</c>; read by the interpolate stage.</summary>
    public const string ClipLatents = "clip.safetensors";

    /// <summary>The latents of every frame <c>[ticks, latent channels, height, width]</c>; read by the upsample stage.</summary>
    public const string FrameLatents = "frames.safetensors";

    /// <summary>A chunk of frames at the size asked for; read by the encode stage.</summary>
    public const string Frames = "frames.mkv";
}
