namespace Emu.Diffusion.Tokenizers;

/// <summary>The file <c>tokenizer.json</c> of a words tokenizer.</summary>
public sealed record WordsTokenizerOptions
{
    /// <summary>Always <c>words</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The regular expression of a word.</summary>
    public required string Pattern { get; init; }

    /// <summary>Whether the text is lower-cased first.</summary>
    public bool Lowercase { get; init; } = true;

    /// <summary>Characters removed first.</summary>
    public string Drop { get; init; } = "";

    /// <summary>The id of padding.</summary>
    public int PadId { get; init; }

    /// <summary>The id that begins every text, if it is one; see <see cref="StartIds"/>.</summary>
    public int? StartId { get; init; }

    /// <summary>The ids that begin every text.</summary>
    public IReadOnlyList<int>? StartIds { get; init; }

    /// <summary>The id of words not in the list.</summary>
    public required int UnknownId { get; init; }

    /// <summary>The id of the list's first word; the others follow.</summary>
    public required int FirstWordId { get; init; }

    /// <summary>How many ids every text becomes.</summary>
    public required int MaxLength { get; init; }

    /// <summary>The words.</summary>
    public required IReadOnlyList<string> Words { get; init; }
}
