namespace Emu.Pipeline.Stages;

/// <summary>The stages' names: activities, manifests and spans are called by them.</summary>
public static class StageNames
{
    /// <summary>Prompt or the user's picture to keyframe latents and <c>keyframe.png</c>.</summary>
    public const string Keyframe = "keyframe";

    /// <summary>Keyframe latents and prompt to the clip's latents.</summary>
    public const string Animate = "animate";

    /// <summary>The clip's latents to those of every frame; says how many chunks follow.</summary>
    public const string Interpolate = "interpolate";

    /// <summary>A chunk of latents to a file of frames at the final size; fanned out.</summary>
    public const string Upsample = "upsample";

    /// <summary>Frames or keyframe to the files that were asked for.</summary>
    public const string Encode = "encode";

    /// <summary>Ends the job's record.</summary>
    public const string Finish = "finish";

    /// <summary>A chunk's own name: <c>upsample.3</c>.</summary>
    public static string Chunk(string stage, int chunk) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{stage}.{chunk}");
}
