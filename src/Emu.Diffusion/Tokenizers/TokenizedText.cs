namespace Emu.Diffusion.Tokenizers;

/// <summary>A text as ids, padded to the tokenizer's length.</summary>
/// <param name="Ids">The ids.</param>
/// <param name="AttentionMask">For every id 1, or 0 if it is padding.</param>
/// <param name="UnknownWords">The words that the tokenizer does not know, each once, as written after lower-casing; subword tokenizers know all.</param>
/// <param name="DroppedTokens">How many ids did not fit; 0 if the whole text did.</param>
public sealed record TokenizedText(int[] Ids, int[] AttentionMask, IReadOnlyList<string> UnknownWords, int DroppedTokens)
{
    /// <summary>Pads or cuts ids to a length.</summary>
    internal static TokenizedText Fit(ReadOnlySpan<int> start, ReadOnlySpan<int> content, ReadOnlySpan<int> end, int length, int padId, IReadOnlyList<string> unknownWords)
    {
        var room = length - start.Length - end.Length;
        var kept = Math.Min(room, content.Length);
        int[] ids = [.. start, .. content[..kept], .. end];
        var used = ids.Length;
        Array.Resize(ref ids, length);
        ids.AsSpan(used).Fill(padId);
        var mask = new int[length];
        mask.AsSpan(0, used).Fill(1);
        return new(ids, mask, unknownWords, content.Length - kept);
    }
}
