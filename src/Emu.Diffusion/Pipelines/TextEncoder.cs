using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;
using Emu.Diffusion.Tokenizers;

namespace Emu.Diffusion.Pipelines;

/// <summary>Turns prompts into embeddings with all text encoders of a package.</summary>
public sealed class TextEncoder
{
    private readonly ModelPackage _package;
    private readonly SessionCache _sessions;

    /// <summary>Creates an encoder; nothing is loaded yet.</summary>
    public TextEncoder(ModelPackage package, SessionCache sessions)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(sessions);
        _package = package;
        _sessions = sessions;
    }

    /// <summary>Encodes a prompt.</summary>
    /// <exception cref="UnsupportedByModelException">The package has no text encoder.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TextEmbedding Encode(string prompt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        if (_package.Text.Count == 0)
        {
            throw new UnsupportedByModelException("text", $"The model '{_package.Description.Name}' has no text encoder; it takes no prompt.");
        }

        List<FloatTensor> hidden = [];
        FloatTensor? pooled = null;
        List<string> unknown = [];
        TokenizedText? first = null;
        var dropped = 0;
        foreach (var contract in _package.Text)
        {
            var tokens = _package.GetTokenizer(contract.Source).Encode(prompt);
            RequireLength(contract, tokens);
            first ??= tokens;
            unknown.AddRange(tokens.UnknownWords.Except(unknown));
            dropped = Math.Max(dropped, tokens.DroppedTokens);
            var outputs = Run(contract, tokens, cancellationToken);
            hidden.Add(outputs[0]);
            pooled = outputs.Count > 1 ? outputs[1] : pooled;
        }

        var mask = Array.ConvertAll(first!.AttentionMask, keep => (float)keep);
        return new TextEmbedding(Join(hidden), new FloatTensor([1, mask.Length], mask), pooled, unknown, dropped);
    }

    /// <summary>Encodes the unconditional prompt as the package defines it: the empty prompt, or zeros.</summary>
    /// <exception cref="UnsupportedByModelException">The package has no text encoder.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TextEmbedding EncodeUnconditional(CancellationToken cancellationToken = default)
    {
        var empty = Encode("", cancellationToken);
        return _package.Description.UnconditionalPrompt == UnconditionalPrompt.Zeros ? empty.ToZeros() : empty;
    }

    private IReadOnlyList<FloatTensor> Run(TextEncoderContract contract, TokenizedText tokens, CancellationToken cancellationToken)
    {
        TensorShape shape = [1, tokens.Ids.Length];
        List<GraphInput> inputs = [new GraphInput(contract.InputIds.Name, shape, tokens.Ids)];
        if (contract.AttentionMask is { } mask)
        {
            inputs.Add(new GraphInput(mask.Name, shape, tokens.AttentionMask));
        }

        using var lease = _sessions.Acquire(contract.Graph, cancellationToken);
        return lease.Session.Run(inputs, contract.Pooled is { } pooled ? [contract.Hidden.Name, pooled.Name] : [contract.Hidden.Name], cancellationToken);
    }

    private static void RequireLength(TextEncoderContract contract, TokenizedText tokens)
    {
        if (contract.InputIds.FixedSize(1) is { } expected && expected != tokens.Ids.Length)
        {
            throw new ModelPackageException(contract.Graph.Path, $"the graph takes {expected} ids, but the tokenizer in '{contract.Source.Tokenizer}' makes {tokens.Ids.Length}.");
        }
    }

    /// <summary>Joins embeddings of the same tokens on their width.</summary>
    private static FloatTensor Join(List<FloatTensor> parts)
    {
        if (parts is [{ } only])
        {
            return only;
        }

        var tokens = parts[0].Shape[1];
        var width = parts.Sum(part => part.Shape[2]);
        FloatTensor joined = new([1, tokens, width]);
        for (var token = 0; token < tokens; token++)
        {
            var column = 0;
            foreach (var part in parts)
            {
                var own = part.Shape[2];
                part.Span.Slice(token * own, own).CopyTo(joined.Span[((token * width) + column)..]);
                column += own;
            }
        }

        return joined;
    }
}

/// <summary>The embedding of a prompt that a denoiser is conditioned on.</summary>
/// <param name="Hidden">Token embeddings <c>[1, tokens, width]</c>.</param>
/// <param name="Mask">For every token 1, or 0 if it is padding: <c>[1, tokens]</c>.</param>
/// <param name="Pooled">The pooled embedding <c>[1, width]</c>; null if the package has none.</param>
/// <param name="UnknownWords">Words that the tokenizer does not know, each once.</param>
/// <param name="DroppedTokens">How many tokens did not fit; 0 if the whole prompt did.</param>
public sealed record TextEmbedding(FloatTensor Hidden, FloatTensor Mask, FloatTensor? Pooled, IReadOnlyList<string> UnknownWords, int DroppedTokens)
{
    /// <summary>Zeros in the shape of this embedding.</summary>
    internal TextEmbedding ToZeros() => new(new FloatTensor(Hidden.Shape), Mask, Pooled is null ? null : new FloatTensor(Pooled.Shape), [], 0);
}
