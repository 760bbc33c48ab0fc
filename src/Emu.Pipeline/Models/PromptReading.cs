using System.Globalization;

namespace Emu.Pipeline.Models;

/// <summary>Tells what a model understands of a prompt, without the model. Implemented where the tokenizers are.</summary>
public interface IPromptReader
{
    /// <summary>Reads a prompt as a model would.</summary>
    /// <returns>Null if the model has published no vocabulary: it takes any text, or cannot tell.</returns>
    /// <exception cref="Artifacts.ArtifactStoreException">The store failed, or the vocabulary is damaged.</exception>
    Task<PromptReading?> ReadAsync(ModelCapabilities model, string prompt, CancellationToken cancellationToken);
}

/// <summary>What a model understands of a prompt.</summary>
/// <param name="UnknownWords">The words and symbols that it does not know, each once.</param>
/// <param name="IsCut">Whether the prompt is longer than the model reads.</param>
/// <param name="IsUnderstood">Whether it knows a word that says something, or the prompt is empty.</param>
/// <param name="Hint">A sentence that says which words it knows.</param>
public sealed record PromptReading(IReadOnlyList<string> UnknownWords, bool IsCut, bool IsUnderstood, string Hint)
{
    private const int MaximumNamed = 8;

    /// <summary>What the prompt's author should know, a sentence each.</summary>
    public IEnumerable<string> Warnings => WarningsOf(UnknownWords, IsCut);

    /// <summary>What the author of a prompt should know, a sentence each.</summary>
    /// <param name="unknownWords">The words that a model does not know.</param>
    /// <param name="isCut">Whether the prompt is longer than the model reads.</param>
    public static IEnumerable<string> WarningsOf(IReadOnlyList<string> unknownWords, bool isCut)
    {
        ArgumentNullException.ThrowIfNull(unknownWords);
        if (unknownWords.Count > 0)
        {
            var named = string.Join(", ", unknownWords.Take(MaximumNamed).Select(word => $"'{word}'"));
            var more = unknownWords.Count > MaximumNamed ? string.Create(CultureInfo.InvariantCulture, $" and {unknownWords.Count - MaximumNamed} more") : string.Empty;
            yield return $"The model does not know {named}{more}: {(unknownWords.Count == 1 ? "it has" : "they have")} no effect.";
        }

        if (isCut)
        {
            yield return "The prompt is longer than the model reads: its end has no effect.";
        }
    }
}
