using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Emu.Diffusion.Tokenizers;

/// <summary>
/// CLIP's byte-pair encoding: lower-cased, blanks collapsed, words ended by <c>&lt;/w&gt;</c>, between a start and an end token
/// (Radford et al., "Learning transferable visual models from natural language supervision", 2021).
/// </summary>
public sealed partial class ClipTokenizer : ITokenizer
{
    private const string StartToken = "<|startoftext|>";
    private const string EndToken = "<|endoftext|>";

    private readonly BpeTokenizer _tokenizer;
    private readonly int _startId;
    private readonly int _endId;
    private readonly int _padId;

    /// <summary>Creates a tokenizer.</summary>
    /// <param name="vocabulary">Ids by token, as <c>vocab.json</c> has them.</param>
    /// <param name="merges">The merges in order of rank, as <c>merges.txt</c> has them, without its version line.</param>
    /// <param name="length">How many ids every text becomes; 77 in every published CLIP.</param>
    /// <param name="padToken">The token of padding: the end token in the first CLIP, <c>!</c> in Stable Diffusion XL's second.</param>
    /// <exception cref="ArgumentException">The vocabulary lacks the start, end or padding token.</exception>
    public ClipTokenizer(IReadOnlyDictionary<string, int> vocabulary, IEnumerable<string> merges, int length = 77, string padToken = EndToken)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentNullException.ThrowIfNull(merges);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 3);
        _startId = Find(vocabulary, StartToken);
        _endId = Find(vocabulary, EndToken);
        _padId = Find(vocabulary, padToken);
        Length = length;
        _tokenizer = BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            Merges = merges,
            ByteLevel = true,
            EndOfWordSuffix = "</w>",
            UnknownToken = EndToken,
            PreTokenizer = new RegexPreTokenizer(Words(), null),
        });
    }

    /// <inheritdoc/>
    public int Length { get; }

    /// <inheritdoc/>
    public TokenizedText Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var folded = Blanks().Replace(PromptText.Compose(text), " ").Trim().ToLowerInvariant();
        var ids = folded.Length == 0 ? [] : _tokenizer.EncodeToIds(folded);
        return TokenizedText.Fit([_startId], [.. ids], [_endId], Length, _padId);
    }

    private static int Find(IReadOnlyDictionary<string, int> vocabulary, string token) => vocabulary.TryGetValue(token, out var id)
        ? id
        : throw new ArgumentException($"The vocabulary lacks the token '{token}'.", nameof(vocabulary));

    [GeneratedRegex(@"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();
}
