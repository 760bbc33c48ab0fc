using System.Text.Json;
using System.Text.Json.Nodes;
using Emu.Diffusion.ModelPackages;

namespace Emu.Diffusion.Tokenizers;

/// <summary>Turns text into the ids that a text encoder reads. Safe for concurrent use.</summary>
public interface ITokenizer
{
    /// <summary>How many ids every text becomes, padding included.</summary>
    int Length { get; }

    /// <summary>Encodes a text. A text too long is cut, an empty one is start, end and padding as the tokenizer has them.</summary>
    TokenizedText Encode(string text);
}

/// <summary>A text as ids, padded to the tokenizer's length.</summary>
/// <param name="Ids">The ids.</param>
/// <param name="AttentionMask">For every id 1, or 0 if it is padding.</param>
/// <param name="DroppedTokens">How many ids did not fit; 0 if the whole text did.</param>
public sealed record TokenizedText(int[] Ids, int[] AttentionMask, int DroppedTokens)
{
    /// <summary>The words and symbols that the tokenizer does not know, each once, as written after lower-casing; subword tokenizers know all.</summary>
    public IReadOnlyList<string> UnknownWords { get; init; } = [];

    /// <summary>Whether a word that says something was known, or the text is empty; subword tokenizers cannot tell and say true.</summary>
    public bool IsUnderstood { get; init; } = true;

    /// <summary>Pads or cuts ids to a length.</summary>
    internal static TokenizedText Fit(ReadOnlySpan<int> start, ReadOnlySpan<int> content, ReadOnlySpan<int> end, int length, int padId)
    {
        var room = length - start.Length - end.Length;
        var kept = Math.Min(room, content.Length);
        int[] ids = [.. start, .. content[..kept], .. end];
        var used = ids.Length;
        Array.Resize(ref ids, length);
        ids.AsSpan(used).Fill(padId);
        var mask = new int[length];
        mask.AsSpan(0, used).Fill(1);
        return new(ids, mask, content.Length - kept);
    }
}

/// <summary>Makes the tokenizer that a package's tokenizer folder holds.</summary>
public static class TokenizerLoader
{
    /// <summary>The file of a words tokenizer.</summary>
    public const string WordsFile = "tokenizer.json";

    /// <summary>The file beside it that says more of the words' language; optional.</summary>
    public const string LanguageFile = "language.json";

    /// <summary>The longest text that is fed to a text encoder without a limit of its own.</summary>
    private const int MaximumLength = 512;

    /// <summary>Loads a tokenizer: a words list, CLIP's pairs or a SentencePiece model, by the files that are there.</summary>
    /// <param name="directory">The folder.</param>
    /// <exception cref="ModelPackageException">A file is missing or malformed.</exception>
    public static ITokenizer Load(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var words = Path.Combine(directory, WordsFile);
        var vocabulary = Path.Combine(directory, "vocab.json");
        var pieces = Path.Combine(directory, "spiece.model");
        try
        {
            return File.Exists(pieces) ? LoadT5(directory, pieces)
                : File.Exists(vocabulary) ? LoadClip(directory, vocabulary)
                : File.Exists(words) && PackageJson.ReadObject(words)?["type"] is JsonValue type && type.TryGetValue(out string? name) && name == "words"
                    ? LoadWords(words, Path.Combine(directory, LanguageFile))
                : throw new ModelPackageException(directory, "no tokenizer is here; vocab.json with merges.txt (CLIP), spiece.model (SentencePiece) or a tokenizer.json of type 'words' was expected.");
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidDataException or InvalidOperationException or JsonException)
        {
            throw new ModelPackageException(directory, $"the tokenizer cannot be made: {exception.Message}", exception);
        }
    }

    private static WordsTokenizer LoadWords(string words, string language) =>
        new(PackageJson.Read<WordsTokenizerOptions>(words), File.Exists(language) ? PackageJson.Read<WordsLanguage>(language) : null);

    private static ClipTokenizer LoadClip(string directory, string vocabulary)
    {
        var merges = Path.Combine(directory, "merges.txt");
        if (!File.Exists(merges))
        {
            throw new ModelPackageException(merges, "the file is missing; a CLIP tokenizer has it beside vocab.json.");
        }

        var configuration = PackageJson.ReadObject(Path.Combine(directory, "tokenizer_config.json"));
        var special = PackageJson.ReadObject(Path.Combine(directory, "special_tokens_map.json"));
        return new ClipTokenizer(
            PackageJson.Read<Dictionary<string, int>>(vocabulary),
            File.ReadLines(merges).Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal)),
            ReadLength(configuration, 77),
            ReadToken(special?["pad_token"]) ?? ReadToken(configuration?["pad_token"]) ?? "<|endoftext|>");
    }

    private static T5Tokenizer LoadT5(string directory, string pieces)
    {
        using var stream = File.OpenRead(pieces);
        return new T5Tokenizer(stream, ReadLength(PackageJson.ReadObject(Path.Combine(directory, "tokenizer_config.json")), MaximumLength));
    }

    // Where no limit is meant, transformers writes 10³⁰.
    private static int ReadLength(JsonObject? configuration, int otherwise) => configuration?["model_max_length"] is JsonValue value
        && value.TryGetValue(out double length) && length is >= 1 and <= MaximumLength ? (int)length : otherwise;

    // A token is written as text, or as an object with its text in "content".
    private static string? ReadToken(JsonNode? node) => node switch
    {
        JsonObject token => ReadToken(token["content"]),
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => null,
    };
}
