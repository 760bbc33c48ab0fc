using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Emu.Diffusion.Tokenizers;

/// <summary>
/// Whole words from a list, as the sticker models are trained on: start ids, one id a word, padding. There is no end id. Emoji are
/// read as their names, and a word with accents that is not in the list as the same word without.
/// </summary>
public sealed class WordsTokenizer : ITokenizer
{
    private readonly int[] _start;
    private readonly Regex _word;
    private readonly EmojiNames _emoji;
    private readonly HashSet<string> _functionWords;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    /// <summary>Creates a tokenizer.</summary>
    /// <param name="options">The words.</param>
    /// <param name="language">Their language; null if it is not known: then emoji have no names.</param>
    /// <exception cref="ArgumentException">The pattern is no regular expression, a word stands twice, or the length leaves no room.</exception>
    public WordsTokenizer(WordsTokenizerOptions options, WordsLanguage? language = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        Language = language;
        _emoji = new EmojiNames(language?.Emoji ?? new Dictionary<string, string>());
        _functionWords = new(language?.FunctionWords ?? [], StringComparer.Ordinal);
        _start = options.StartIds is { } ids ? [.. ids] : options.StartId is { } id ? [id] : [];
        if (options.MaxLength <= _start.Length)
        {
            throw new ArgumentException($"max_length is {options.MaxLength}, which leaves no room for words after {_start.Length} start ids.", nameof(options));
        }

        // Letters that the pattern lacks belong to their word too, or it would fall apart; symbols without a name stand for themselves.
        // Without backtracking, no text makes any pattern slow.
        _word = new Regex($@"(?:{options.Pattern}|[\p{{L}}\p{{M}}\p{{N}}])+|[\p{{So}}\p{{Cs}}][\p{{So}}\p{{Cs}}\p{{M}}\u200D]*", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        foreach (var word in options.Words)
        {
            if (!_ids.TryAdd(word, options.FirstWordId + _ids.Count))
            {
                throw new ArgumentException($"The word '{word}' stands twice.", nameof(options));
            }
        }
    }

    /// <inheritdoc/>
    public int Length => Options.MaxLength;

    /// <summary>The words.</summary>
    public WordsTokenizerOptions Options { get; }

    /// <summary>What is known of their language, if anything is.</summary>
    public WordsLanguage? Language { get; }

    /// <inheritdoc/>
    public TokenizedText Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var named = _emoji.Replace(PromptText.Compose(text));
        var folded = Options.Lowercase ? named.ToLowerInvariant() : named;
        folded = string.Concat(folded.Where(character => !Options.Drop.Contains(character, StringComparison.Ordinal)));
        List<int> ids = [];
        List<string> unknown = [];
        var isUnderstood = string.IsNullOrWhiteSpace(text);
        foreach (var word in _word.Matches(folded).Select(match => match.Value))
        {
            if (!_ids.TryGetValue(word, out var id) && !_ids.TryGetValue(PromptText.WithoutAccents(word), out id))
            {
                id = Options.UnknownId;
                if (!unknown.Contains(word))
                {
                    unknown.Add(word);
                }
            }
            else
            {
                isUnderstood |= !_functionWords.Contains(word);
            }

            ids.Add(id);
        }

        return TokenizedText.Fit(_start, CollectionsMarshal.AsSpan(ids), [], Length, Options.PadId) with { UnknownWords = unknown, IsUnderstood = isUnderstood };
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

/// <summary>The file <c>language.json</c> beside it: what is to be known of the words besides the list.</summary>
public sealed record WordsLanguage
{
    /// <summary>The language's English name.</summary>
    public required string Language { get; init; }

    /// <summary>Where the names of emoji are from.</summary>
    public string? Source { get; init; }

    /// <summary>A few words that the model knows, for messages.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Words that say nothing on their own: a text of them alone is not understood.</summary>
    public IReadOnlyList<string> FunctionWords { get; init; } = [];

    /// <summary>Names in words of the list, by emoji without variation selectors and skin tones.</summary>
    public IReadOnlyDictionary<string, string> Emoji { get; init; } = new Dictionary<string, string>();
}
