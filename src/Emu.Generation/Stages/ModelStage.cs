using Emu.Generation.Models;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>What a stage does with a loaded model; <see cref="ModelStage"/> makes a stage of it.</summary>
internal interface IModelStage
{
    /// <summary>The stage's name, one of <see cref="StageNames"/>.</summary>
    string Name { get; }

    /// <summary>The version of this code: changes whenever its results do.</summary>
    string Revision { get; }

    /// <inheritdoc cref="IStage.RunAsync"/>
    Task<StageOutcome> RunAsync(LoadedModel model, StageRun run, CancellationToken cancellationToken);
}

/// <summary>
/// A stage that runs a model: finds the package that the request names, makes the fingerprint of the code's revision and the
/// package, and translates exceptions to failures (<see cref="ModelFailures"/>).
/// </summary>
internal sealed class ModelStage(ModelLibrary models, IModelStage stage) : IStage
{
    /// <inheritdoc/>
    public string Name => stage.Name;

    /// <inheritdoc/>
    public ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return new($"{stage.Revision} {models.Get(request.Model).Package.Fingerprint}");
        }
        catch (Exception exception) when (ModelFailures.From(exception) is { } failure)
        {
            throw failure;
        }
    }

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        try
        {
            return await stage.RunAsync(models.Get(run.Request.Model), run, cancellationToken);
        }
        catch (Exception exception) when (ModelFailures.From(exception) is { } failure)
        {
            throw failure;
        }
    }
}

/// <summary>The stages that run models.</summary>
public static class ModelStages
{
    /// <summary>Keyframe, animate, interpolate, upsample.</summary>
    /// <param name="models">The model packages that the host runs.</param>
    /// <param name="ffmpeg">Where ffmpeg is, for chunks of frames.</param>
    public static IReadOnlyList<IStage> Create(ModelLibrary models, FfmpegOptions? ffmpeg = null) => [.. All(ffmpeg).Select(stage => new ModelStage(models, stage))];

    internal static IReadOnlyList<IModelStage> All(FfmpegOptions? ffmpeg) => [new KeyframeStage(), new AnimateStage(), new InterpolateStage(), new RenderStage(ffmpeg)];
}
