using System.Globalization;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;
using Emu.Generation.Models;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Denoising;

/// <summary>Denoises within a stage's time budget: goes on from the checkpoint of the slice before, and leaves one if time is up.</summary>
internal static class SlicedDenoising
{
    /// <summary>Does as many steps as the time budget allows, and at least one.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">What to make.</param>
    /// <param name="run">The stage's attempt; its units are steps.</param>
    /// <param name="finish">Makes the stage's outcome of the finished frames' latents <c>[frames, latent channels, height, width]</c>.</param>
    /// <param name="cancellationToken">Stops within an operator or two.</param>
    public static async Task<StageOutcome> RunAsync(
        LoadedModel model, DenoiseRequest request, StageRun run, Func<FloatTensor, Task<StageOutcome>> finish, CancellationToken cancellationToken)
    {
        using var denoising = new DenoiseRun(model.Package, model.Sessions, request with { InputHash = run.InputHash }, cancellationToken);
        if (run.Checkpoint is { } checkpoint)
        {
            var stream = await run.Store.OpenReadAsync(checkpoint, cancellationToken);
            await using (stream)
            {
                await denoising.RestoreAsync(stream, cancellationToken);
            }
        }

        // The graph is loaded by now: a budget spent on loading would make no progress at all.
        run.Budget.Start();
        while (!denoising.IsDone)
        {
            denoising.Step(cancellationToken);
            await run.ReportAsync(denoising.CurrentStep, denoising.StepCount, cancellationToken);
            if (run.Budget.IsSpent && !denoising.IsDone)
            {
                var file = string.Create(CultureInfo.InvariantCulture, $"step-{denoising.CurrentStep}.safetensors");
                var left = await run.WriteAsync(file, denoising.SaveCheckpointAsync, cancellationToken);
                return StageOutcome.Continue(denoising.CurrentStep, left);
            }
        }

        return await finish(denoising.GetFrames());
    }
}
