using Emu.Generation.Models;
using Emu.Generation.Stages;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Orchestration;
using Emu.Pipeline.Stages;
using Microsoft.Extensions.Logging;

namespace Emu.Generation.Activities;

/// <summary>The model stages as activities, for a host to register with its engine.</summary>
public static class GenerationActivities
{
    /// <summary>The group of the stages that hold a model's weights and a device for long: run few of them at once.</summary>
    public const string Group = "model";

    /// <summary>Makes the activities: keyframe, animate, interpolate, upsample.</summary>
    /// <param name="models">The model packages that this host runs.</param>
    /// <param name="store">Where artifacts lie.</param>
    /// <param name="options">Time budget and intervals.</param>
    /// <param name="ffmpeg">Where ffmpeg is, for chunks of frames.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failed attempts are logged.</param>
    public static IReadOnlyList<IActivity> Create(
        ModelLibrary models, IArtifactStore store, StageOptions? options = null, FfmpegOptions? ffmpeg = null, TimeProvider? time = null, ILogger<StageActivity>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(store);
        IStage[] stages = [new KeyframeStage(models), new AnimateStage(models), new InterpolateStage(models), new UpsampleStage(models, ffmpeg)];
        return [.. stages.Select(stage => new StageActivity(new ModelStage(stage), store, options, time, logger))];
    }
}
