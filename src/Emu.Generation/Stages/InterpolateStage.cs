using Emu.Diffusion.Interpolation;
using Emu.Diffusion.Noise;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;
using Emu.Generation.Denoising;
using Emu.Generation.Models;
using Emu.Generation.Motion;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>
/// The clip's latents to the latents of every frame of the video: by the package's interpolation network where it has one, else linearly
/// (<see cref="LatentInterpolation"/>). Latents of motion become the flows of every frame (<see cref="LoopFlows"/>).
/// </summary>
internal sealed class InterpolateStage : IModelStage
{
    /// <inheritdoc/>
    public string Name => StageNames.Interpolate;

    /// <inheritdoc/>
    public string Revision => "interpolate-3";

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(LoadedModel model, StageRun run, CancellationToken cancellationToken)
    {
        var clip = await LatentFiles.ReadAsync(run, StageNames.Animate, StageFiles.ClipLatents, cancellationToken);
        if (model.Description.Video?.Motion is { } motion)
        {
            var flows = new MotionCodec(model.Package, model.Sessions).DecodeFlows(clip, cancellationToken);
            await run.ReportAsync(1, 1, cancellationToken);
            return await FinishAsync(LoopFlows.ToTicks(flows, model.Description.Ticks, motion.LeastArea));
        }

        if (model.Package.Interpolation is { } network)
        {
            var settings = DenoiseSettings.ForInterpolation(model.Package, run.Request);
            var request = settings.ToRequest(model, network, NoiseStage.Interpolation, run, cancellationToken);
            using var denoising = new InterpolationRun(model.Package, model.Sessions, request, clip, cancellationToken);
            return await SlicedDenoising.RunAsync(denoising, run, FinishAsync, cancellationToken);
        }

        FloatTensor frames = new(clip.Shape.WithBatch(model.Description.Ticks));
        LatentInterpolation.Interpolate(clip.Span, clip.Shape[0], frames.Span, model.Description.Ticks, model.Description.Loops);
        await run.ReportAsync(1, 1, cancellationToken);
        return await FinishAsync(frames);

        async Task<StageOutcome> FinishAsync(FloatTensor latents)
        {
            var file = await LatentFiles.WriteAsync(run, StageFiles.FrameLatents, latents, cancellationToken);
            return StageOutcome.Done([file], RenderStage.ChunkCount(model.Description, latents.Shape[0]));
        }
    }
}
