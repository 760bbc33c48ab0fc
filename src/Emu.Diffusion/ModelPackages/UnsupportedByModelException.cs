namespace Emu.Diffusion.ModelPackages;

/// <summary>A request asks for what the model package was not trained for: a guidance, a size, a picture, a clip. The message names it and what there is.</summary>
/// <param name="feature">What was asked for, in one or two words: <c>image guidance</c>.</param>
/// <param name="message">What the package offers instead.</param>
public sealed class UnsupportedByModelException(string feature, string message) : Exception(message)
{
    /// <summary>What was asked for, in one or two words.</summary>
    public string Feature { get; } = feature;
}
