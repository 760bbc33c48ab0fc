using Microsoft.ML.Tokenizers;

namespace Emu.Diffusion.Tokenizers;

/// <summary>T5's SentencePiece tokenizer: pieces, an end token, padding (Raffel et al., arXiv 1910.10683).</summary>
public sealed class T5Tokenizer : ITokenizer
{
    /// <summary>trainer_spec { bos_id: 0 } as a protocol-buffer message; appended to a model, it is merged into it.</summary>
    private static readonly byte[] StartIdZero = [0x12, 0x03, 0xC8, 0x02, 0x00];

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

        // T5 has no start token (its id is −1), which Microsoft.ML.Tokenizers cannot load. Any id does: none is ever added.
        using MemoryStream patched = new();
        model.CopyTo(patched);
        patched.Write(StartIdZero);
        patched.Position = 0;
        _tokenizer = SentencePieceTokenizer.Create(patched, addBeginningOfSentence: false, addEndOfSentence: false);
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
        var ids = text.Length == 0 ? [] : _tokenizer.EncodeToIds(text);

        // A run of unknown characters is one unknown piece, as in Google's own library.
        var unknown = _tokenizer.UnknownId;
        int[] pieces = [.. ids.Where((id, index) => id != unknown || index == 0 || ids[index - 1] != unknown)];
        return TokenizedText.Fit([], pieces, [_endId], Length, _padId);
    }
}
