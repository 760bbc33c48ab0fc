using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tokenizers;
using Emu.Generation.Motion;
using Emu.Pipeline;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Models;

namespace Emu.Generation.Models;

/// <summary>The words that a model understands, as its host publishes them: the files of its tokenizer.</summary>
/// <param name="Words">The words.</param>
/// <param name="Language">What is known of their language.</param>
/// <param name="MotionByWords">Whether words of motion are understood too (<see cref="MotionReader"/>).</param>
public sealed record ModelVocabulary(WordsTokenizerOptions Words, WordsLanguage? Language, bool MotionByWords = false)
{
    /// <summary>The vocabulary of a package; null if its tokenizer cuts words into pieces, and so takes any text.</summary>
    /// <exception cref="ModelPackageException">A file of the tokenizer is damaged.</exception>
    public static ModelVocabulary? Of(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return package.Text.Select(text => package.GetTokenizer(text.Source)).OfType<WordsTokenizer>().FirstOrDefault() is { } tokenizer
            ? new(tokenizer.Options, tokenizer.Language, package.Description.Video?.MotionByWords == true)
            : null;
    }

    /// <summary>Publishes what a package can do, and its vocabulary if it has one.</summary>
    /// <param name="catalog">Where.</param>
    /// <param name="package">The package.</param>
    /// <param name="name">The name that requests use.</param>
    /// <param name="isDefault">Whether it is used when a request names no model.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ModelPackageException">A file of the tokenizer is damaged.</exception>
    public static async Task PublishAsync(IModelCatalog catalog, ModelPackage package, string name, bool isDefault, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var capabilities = ModelCapabilitiesBuilder.Build(package, name, isDefault);
        if (Of(package) is { } vocabulary)
        {
            // First, so that whoever sees its hash finds it.
            var content = JsonSerializer.SerializeToUtf8Bytes(vocabulary, PipelineJson.Options);
            await catalog.PublishVocabularyAsync(name, content, cancellationToken);
            capabilities = capabilities with { Vocabulary = Convert.ToHexStringLower(SHA256.HashData(content)) };
        }

        await catalog.PublishAsync(capabilities, cancellationToken);
    }
}

/// <summary>Reads prompts with the vocabularies that models have published. Safe for concurrent use.</summary>
public sealed class VocabularyPromptReader(IModelCatalog catalog) : IPromptReader
{
    private readonly ConcurrentDictionary<string, (string Hash, WordsTokenizer Tokenizer, bool MotionByWords)> _tokenizers = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<PromptReading?> ReadAsync(ModelCapabilities model, string prompt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(prompt);
        if (model.Vocabulary is not { } hash || await FindAsync(model.Name, hash, cancellationToken) is not var (tokenizer, motionByWords))
        {
            return null;
        }

        var text = tokenizer.Encode(motionByWords ? MotionReader.Read(prompt).Picture : prompt);
        return new(text.UnknownWords, text.DroppedTokens > 0, text.IsUnderstood, HintOf(tokenizer));
    }

    private static string HintOf(WordsTokenizer tokenizer)
    {
        var language = tokenizer.Language is { } known ? $" {known.Language}" : string.Empty;
        var examples = tokenizer.Language is { Examples.Count: > 0 } some ? $", for example {string.Join(", ", some.Examples.Select(word => $"'{word}'"))}" : string.Empty;
        var emoji = tokenizer.Language is { Emoji.Count: > 0 } named ? string.Create(CultureInfo.InvariantCulture, $", and {named.Emoji.Count:N0} emoji") : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"It knows {tokenizer.Options.Words.Count:N0}{language} words{examples}{emoji}.");
    }

    private async Task<(WordsTokenizer Tokenizer, bool MotionByWords)?> FindAsync(string model, string hash, CancellationToken cancellationToken)
    {
        if (_tokenizers.TryGetValue(model, out var cached) && cached.Hash == hash)
        {
            return (cached.Tokenizer, cached.MotionByWords);
        }

        if (await catalog.FindVocabularyAsync(model, cancellationToken) is not { } content)
        {
            return null;
        }

        try
        {
            var vocabulary = JsonSerializer.Deserialize<ModelVocabulary>(content.Span, PipelineJson.Options) ?? throw new JsonException("It is null.");
            var tokenizer = new WordsTokenizer(vocabulary.Words, vocabulary.Language);
            _tokenizers[model] = (hash, tokenizer, vocabulary.MotionByWords);
            return (tokenizer, vocabulary.MotionByWords);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new ArtifactStoreException($"The vocabulary of the model '{model}' is damaged: {exception.Message} A start of the host that runs the model publishes it again.", false, exception);
        }
    }
}
