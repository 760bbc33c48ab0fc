using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>A stage that runs a model, with its exceptions told as failures (<see cref="ModelFailures"/>).</summary>
internal sealed class ModelStage(IStage stage) : IStage
{
    /// <inheritdoc/>
    public string Name => stage.Name;

    /// <inheritdoc/>
    public async ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await stage.FingerprintAsync(request, cancellationToken);
        }
        catch (Exception exception) when (ModelFailures.From(exception) is { } failure)
        {
            throw failure;
        }
    }

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        try
        {
            return await stage.RunAsync(run, cancellationToken);
        }
        catch (Exception exception) when (ModelFailures.From(exception) is { } failure)
        {
            throw failure;
        }
    }
}
