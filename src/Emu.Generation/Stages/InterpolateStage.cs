using Emu.Generation.Interpolation;
using Emu.Generation.Latents;
using Emu.Generation.Models;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>The clip's latents to the latents of every frame of the video.</summary>
public sealed class InterpolateStage(ModelLibrary models) : IStage
{
    private const string Revision = "interpolate-1";

    /// <inheritdoc/>
    public string Name => StageNames.Interpolate;

    /// <inheritdoc/>
    public ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new($"{Revision} {models.Get(request.Model).Package.Fingerprint}");
    }

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var model = models.Get(run.Request.Model);
        var clip = await LatentFiles.ReadAsync(run, StageNames.Animate, StageFiles.ClipLatents, cancellationToken);
        var frames = FrameInterpolators.For(model).Interpolate(clip, model.Description.Ticks);
        await run.ReportAsync(1, 1, cancellationToken);
        var file = await LatentFiles.WriteAsync(run, StageFiles.FrameLatents, frames, cancellationToken);
        return StageOutcome.Done([file], UpsampleStage.ChunkCount(model.Description, frames.Shape[0]));
    }
}
