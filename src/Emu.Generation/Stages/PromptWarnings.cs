using Emu.Diffusion.Pipelines;
using Emu.Pipeline.Models;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>
/// Warns of what a model did not read of a job's prompt. Creation says it earlier, in the same words, where the model has published a
/// vocabulary; of others it is known here first.
/// </summary>
internal static class PromptWarnings
{
    /// <summary>Adds the warnings to the job; none for no prompt.</summary>
    public static async Task AddAsync(StageRun run, TextEmbedding? text, CancellationToken cancellationToken)
    {
        foreach (var warning in text is null ? [] : PromptReading.WarningsOf(text.UnknownWords, text.DroppedTokens > 0))
        {
            await run.WarnAsync(warning, cancellationToken);
        }
    }
}
