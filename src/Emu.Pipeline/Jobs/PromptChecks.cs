using Emu.Pipeline.Models;

namespace Emu.Pipeline.Jobs;

/// <summary>Checks whether a model understands a prompt.</summary>
/// <param name="reader">Reads prompts as models do; null checks nothing.</param>
public sealed class PromptChecks(IPromptReader? reader)
{
    /// <summary>The code of a prompt of which nothing is understood.</summary>
    public const string NotUnderstood = "prompt_not_understood";

    /// <summary>Refuses a prompt of which the model understands nothing, and adds warnings about what it does not understand.</summary>
    /// <returns>The draft with its warnings.</returns>
    /// <exception cref="InvalidJobException">The model understands nothing; the message says which words it knows.</exception>
    public async Task<JobDraft> CheckAsync(JobDraft draft, ModelCapabilities model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(model);
        if (reader is null || await reader.ReadAsync(model, draft.Prompt, cancellationToken) is not { } reading)
        {
            return draft;
        }

        return reading.IsUnderstood
            ? reading.Warnings.Aggregate(draft, (warned, warning) => warned.Warn(warning))
            : throw new InvalidJobException(JobFields.Prompt.Name, NotUnderstood, $"The model '{model.Name}' understands nothing of the prompt. {reading.Hint}");
    }
}
