using Emu.Durable.Abstractions;

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

    /// <summary>An edit's instructions to its plan.</summary>
    public const string Understand = "understand";

    /// <summary>The picture that is edited to its subject's mask, if the plan needs one.</summary>
    public const string Mask = "mask";

    /// <summary>Picture, plan and mask to the edited picture.</summary>
    public const string Edit = "edit";

    /// <summary>Source and edited picture to the final one, in which every untouched pixel is proven to be the source's.</summary>
    public const string Composite = "composite";

    /// <summary>Frames, keyframe or edited picture to the requested formats.</summary>
    public const string Encode = "encode";

    /// <summary>The stages that do a job's work, in their order; every kind of job has some of them.</summary>
    public static IReadOnlyList<string> Work { get; } = [Keyframe, Animate, Interpolate, Upsample, Understand, Mask, Edit, Composite, Encode];

    /// <summary>A completed job's frames, keyframe or picture to one further format.</summary>
    public const string Format = "format";

    /// <summary>Ends the job's record.</summary>
    public const string Finish = "finish";

    /// <summary>A chunk's own name: <c>upsample.3</c>.</summary>
    public static string Chunk(string stage, int chunk) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{stage}.{chunk}");
}

/// <summary>The names of the files that stages write for later stages, as in manifests.</summary>
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

    /// <summary>The encoded video's name, without its extension: <c>video.mp4</c>.</summary>
    public const string Video = "video";

    /// <summary>The encoded picture's name, without its extension: <c>image.png</c>.</summary>
    public const string Image = "image";

    /// <summary>A small still of the video.</summary>
    public const string Thumbnail = "thumbnail.webp";

    /// <summary>Some of the video's frames in one picture.</summary>
    public const string Spritesheet = "spritesheet.jpg";

    /// <summary>An edit's plan, as JSON.</summary>
    public const string Plan = "plan.json";

    /// <summary>The subject's mask, as large as the picture that is edited: values, not compressed.</summary>
    public const string SubjectValues = "subject.values";

    /// <summary>Where an edit may have changed pixels, as large as the edited picture: values, not compressed.</summary>
    public const string ChangedValues = "changed.values";

    /// <summary>The edited picture's samples, not compressed.</summary>
    public const string EditedSamples = "edited.samples";

    /// <summary>The subject's mask for clients.</summary>
    public const string Subject = "subject.png";

    /// <summary>Where an edit may have changed pixels, for clients: white.</summary>
    public const string Changed = "mask.png";

    /// <summary>A sheet of an edit: before, mask, after.</summary>
    public const string Compare = "compare.png";
}

/// <summary>The codes that stages fail with.</summary>
public static class FailureCodes
{
    /// <summary>The input is invalid; another attempt fails too.</summary>
    public const string InvalidInput = ActivityFailure.InvalidInput;

    /// <summary>The job was cancelled or deleted, or has ended meanwhile.</summary>
    public const string Cancelled = ActivityFailure.Cancelled;

    /// <summary>The job's deadline passed.</summary>
    public const string DeadlineExceeded = "deadline_exceeded";

    /// <summary>The GPU was lost; another attempt may get another one.</summary>
    public const string DeviceLost = "device_lost";

    /// <summary>There was not enough memory.</summary>
    public const string OutOfMemory = "out_of_memory";

    /// <summary>The store was full, unreachable or refusing.</summary>
    public const string StoreUnavailable = "store_unavailable";

    /// <summary>The model package is missing or broken.</summary>
    public const string ModelUnavailable = "model_unavailable";

    /// <summary>The request cannot be fulfilled on this host.</summary>
    public const string Unsupported = "unsupported";

    /// <summary>A file cannot be made as small as the request or its target says.</summary>
    public const string TooLarge = ActivityFailure.TooLarge;

    /// <summary>A file of an earlier stage is missing.</summary>
    public const string MissingInput = "missing_input";

    /// <summary>The stage was done before from other input (another model, another request).</summary>
    public const string InputMismatch = "input_mismatch";

    /// <summary>An unexpected error.</summary>
    public const string InternalError = "internal_error";

    /// <summary>The job's orchestration ended or vanished without ending the job.</summary>
    public const string OrchestrationLost = "orchestration_lost";
}
