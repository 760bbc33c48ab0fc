using System.Text.RegularExpressions;

namespace Emu.Diffusion.Tokenizers;

/// <summary>Whole words from a list, as the sticker models are trained on: start ids, one id a word, padding. There is no end id.</summary>
public sealed class WordsTokenizer : ITokenizer
{
    private readonly WordsTokenizerOptions _options;
    private readonly int[] _start;
    private readonly Regex _word;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    /// <summary>Creates a tokenizer.</summary>
    /// <exception cref="ArgumentException">The pattern is no regular expression, a word stands twice, or the length leaves no room.</exception>
    public WordsTokenizer(WordsTokenizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _start = options.StartIds is { } ids ? [.. ids] : options.StartId is { } id ? [id] : [];
        if (options.MaxLength <= _start.Length)
        {
            throw new ArgumentException($"max_length is {options.MaxLength}, which leaves no room for words after {_start.Length} start ids.", nameof(options));
        }

        // Without backtracking, no text makes any pattern slow.
        _word = new Regex(options.Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        foreach (var word in options.Words)
        {
            if (!_ids.TryAdd(word, options.FirstWordId + _ids.Count))
            {
                throw new ArgumentException($"The word '{word}' stands twice.", nameof(options));
            }
        }
    }

    /// <inheritdoc/>
    public int Length => _options.MaxLength;

    /// <inheritdoc/>
    public TokenizedText Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var folded = _options.Lowercase ? text.ToLowerInvariant() : text;
        folded = string.Concat(folded.Where(character => !_options.Drop.Contains(character, StringComparison.Ordinal)));
        List<int> ids = [];
        List<string> unknown = [];
        foreach (Match match in _word.Matches(folded))
        {
            if (!_ids.TryGetValue(match.Value, out var id))
            {
                id = _options.UnknownId;
                if (!unknown.Contains(match.Value))
                {
                    unknown.Add(match.Value);
                }
            }

            ids.Add(id);
        }

        return TokenizedText.Fit(_start, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids), [], Length, _options.PadId, unknown);
    }
}

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
