using System.Globalization;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Denoising;

/// <summary>Denoises within a stage's time budget: goes on from the checkpoint of the slice before, and leaves a checkpoint when the budget is spent.</summary>
internal static class SlicedDenoising
{
    /// <summary>Does as many steps as the time budget allows, and at least one.</summary>
    /// <param name="denoising">The run; its graph is loaded.</param>
    /// <param name="run">The stage's attempt; its units are steps.</param>
    /// <param name="finish">Makes the stage's outcome of the finished frames' latents <c>[frames, latent channels, height, width]</c>.</param>
    /// <param name="cancellationToken">Stops within an operator or two.</param>
    public static async Task<StageOutcome> RunAsync(
        IDenoisingRun denoising, StageRun run, Func<FloatTensor, Task<StageOutcome>> finish, CancellationToken cancellationToken)
    {
        if (run.Checkpoint is { } checkpoint)
        {
            await using var stream = await run.Store.OpenReadAsync(checkpoint, cancellationToken);
            await denoising.RestoreAsync(stream, cancellationToken);
        }

        if (await AdvanceAsync(denoising, run, 0, denoising.StepCount, cancellationToken))
        {
            return await finish(denoising.GetFrames());
        }

        var file = string.Create(CultureInfo.InvariantCulture, $"step-{denoising.CurrentStep}.safetensors");
        return StageOutcome.Continue(denoising.CurrentStep, await run.WriteAsync(file, denoising.SaveCheckpointAsync, cancellationToken));
    }

    /// <summary>Does as many steps as the time budget allows, and at least one if one is left.</summary>
    /// <param name="denoising">The run; its graph is loaded.</param>
    /// <param name="run">The stage's attempt.</param>
    /// <param name="before">Units of the stage that are done before the first step.</param>
    /// <param name="total">Units of the stage in all.</param>
    /// <param name="cancellationToken">Stops within an operator or two.</param>
    /// <returns>Whether every step is done.</returns>
    public static async Task<bool> AdvanceAsync(IDenoisingRun denoising, StageRun run, int before, int total, CancellationToken cancellationToken)
    {
        // Loading the graph does not count: a budget spent on loading would make no progress at all.
        run.Budget.Start();
        while (!denoising.IsDone)
        {
            denoising.Step(cancellationToken);
            await run.ReportAsync(before + denoising.CurrentStep, total, cancellationToken);
            if (run.Budget.IsSpent && !denoising.IsDone)
            {
                return false;
            }
        }

        return true;
    }
}
