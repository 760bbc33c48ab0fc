namespace Emu.Diffusion.ModelPackages;

/// <summary>A text encoder of a package and what is taken from it.</summary>
public sealed record TextSource
{
    /// <summary>The graph's folder.</summary>
    public string Graph { get; init; } = "text_encoder";

    /// <summary>The tokenizer's folder.</summary>
    public string Tokenizer { get; init; } = "tokenizer";

    /// <summary>Whether the last layer but one is used (Stable Diffusion XL) rather than the last.</summary>
    public bool Penultimate { get; init; }

    /// <summary>Whether the pooled embedding is handed to the denoiser too.</summary>
    public bool Pooled { get; init; }
}
