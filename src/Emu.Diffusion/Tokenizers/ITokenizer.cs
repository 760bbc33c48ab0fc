namespace Emu.Diffusion.Tokenizers;

/// <summary>Turns text into the ids that a text encoder reads. Safe for concurrent use.</summary>
public interface ITokenizer
{
    /// <summary>How many ids every text becomes, padding included.</summary>
    int Length { get; }

    /// <summary>Encodes a text. A text too long is cut, an empty one is start, end and padding as the tokenizer has them.</summary>
    TokenizedText Encode(string text);
}
