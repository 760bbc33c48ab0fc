namespace Emu.Diffusion.ModelPackages;

/// <summary>What a package takes for "no text".</summary>
public enum NoText
{
    /// <summary>The encoding of the empty prompt.</summary>
    EmptyPrompt,

    /// <summary>Zeros.</summary>
    Zeros,
}
