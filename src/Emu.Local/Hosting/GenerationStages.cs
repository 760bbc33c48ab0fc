using Emu.Generation.Models;
using Emu.Generation.Stages;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Models;

namespace Emu.Local.Hosting;

/// <summary>The stages that make jobs with the model packages of this machine, and what those can do.</summary>
public static class GenerationStages
{
    /// <summary>Every stage.</summary>
    public static IReadOnlyList<HostedStage> Create(ModelLibrary models, FfmpegOptions? ffmpeg = null) =>
    [
        .. ModelStages.Create(models, ffmpeg).Select(stage => new HostedStage(stage, JobHost.ModelGroup)),
        new(new EncodeStage(ffmpeg), JobHost.MediaGroup),
    ];

    /// <summary>What each package can do, to be published; loads and checks every package.</summary>
    public static IReadOnlyList<ModelCapabilities> Describe(ModelLibrary models)
    {
        ArgumentNullException.ThrowIfNull(models);
        return [.. models.Names.Select((name, index) => ModelCapabilitiesBuilder.Build(models.Get(name).Package, name, isDefault: index == 0))];
    }
}
