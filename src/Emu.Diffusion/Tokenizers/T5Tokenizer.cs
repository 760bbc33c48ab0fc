using Microsoft.ML.Tokenizers;

namespace Emu.Diffusion.Tokenizers;

/// <summary>T5's SentencePiece tokenizer: pieces, an end token, padding (Raffel et al., arXiv 1910.10683).</summary>
public sealed class T5Tokenizer : ITokenizer
{
    private readonly SentencePieceTokenizer _tokenizer;
    private readonly int _endId;
    private readonly int _padId;

    /// <summary>Creates a tokenizer.</summary>
    /// <param name="model">A SentencePiece model, <c>spiece.model</c>.</param>
    /// <param name="length">How many ids every text becomes.</param>
    /// <param name="padId">The id of padding; 0 in every published T5.</param>
    public T5Tokenizer(Stream model, int length, int padId = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        _tokenizer = SentencePieceTokenizer.Create(model, addBeginningOfSentence: false, addEndOfSentence: false);
        _endId = _tokenizer.EndOfSentenceId;
        _padId = padId;
        Length = length;
    }

    /// <inheritdoc/>
    public int Length { get; }

    /// <inheritdoc/>
    public TokenizedText Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        IReadOnlyList<int> ids = text.Length == 0 ? [] : _tokenizer.EncodeToIds(text);
        return TokenizedText.Fit([], [.. ids], [_endId], Length, _padId, []);
    }
}
