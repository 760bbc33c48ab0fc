using Emu.Generation.Models;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>The stages that run models, for a host to make activities of.</summary>
public static class ModelStages
{
    /// <summary>Keyframe, animate, interpolate, upsample; their exceptions are told as failures.</summary>
    /// <param name="models">The model packages that the host runs.</param>
    /// <param name="ffmpeg">Where ffmpeg is, for chunks of frames.</param>
    public static IReadOnlyList<IStage> Create(ModelLibrary models, FfmpegOptions? ffmpeg = null) =>
    [
        new ModelStage(new KeyframeStage(models)),
        new ModelStage(new AnimateStage(models)),
        new ModelStage(new InterpolateStage(models)),
        new ModelStage(new UpsampleStage(models, ffmpeg)),
    ];
}
