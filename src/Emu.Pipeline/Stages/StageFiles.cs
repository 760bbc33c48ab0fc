namespace Emu.Pipeline.Stages;

/// <summary>The names of the files that stages leave for each other, as they stand in manifests.</summary>
public static class StageFiles
{
    /// <summary>The keyframe's latents.</summary>
    public const string KeyframeLatents = "keyframe.safetensors";

    /// <summary>The keyframe as a picture.</summary>
    public const string KeyframePicture = "keyframe.png";

    /// <summary>The clip's latents.</summary>
    public const string ClipLatents = "clip.safetensors";

    /// <summary>Every frame's latents.</summary>
    public const string FrameLatents = "frames.safetensors";

    /// <summary>A chunk's frames: FFV1 in Matroska, BGRA with straight alpha, at the final size.</summary>
    public const string FrameVideo = "frames.mkv";

    /// <summary>The encoded video's name, without its ending: <c>video.mp4</c>.</summary>
    public const string Video = "video";

    /// <summary>The encoded picture's name, without its ending: <c>image.png</c>.</summary>
    public const string Image = "image";

    /// <summary>A small still that stands for the video.</summary>
    public const string Thumbnail = "thumbnail.webp";

    /// <summary>Some of the video's frames in one picture.</summary>
    public const string Spritesheet = "spritesheet.jpg";
}
