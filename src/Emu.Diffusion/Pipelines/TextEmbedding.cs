using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>What a denoiser is told of a prompt.</summary>
/// <param name="Hidden">Token embeddings <c>[1, tokens, width]</c>.</param>
/// <param name="Mask">For every token 1, or 0 if it is padding: <c>[1, tokens]</c>.</param>
/// <param name="Pooled">The pooled embedding <c>[1, width]</c>; null if the package has none.</param>
/// <param name="UnknownWords">Words that the tokenizer does not know, each once.</param>
/// <param name="DroppedTokens">How many tokens did not fit; 0 if the whole prompt did.</param>
public sealed record TextEmbedding(FloatTensor Hidden, FloatTensor Mask, FloatTensor? Pooled, IReadOnlyList<string> UnknownWords, int DroppedTokens)
{
    /// <summary>The same embedding with zeros for "nothing said".</summary>
    internal TextEmbedding ToZeros() => new(new FloatTensor(Hidden.Shape), Mask, Pooled is null ? null : new FloatTensor(Pooled.Shape), [], 0);
}
