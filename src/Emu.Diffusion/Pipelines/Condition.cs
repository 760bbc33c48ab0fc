namespace Emu.Diffusion.Pipelines;

/// <summary>What one evaluation of the network is told.</summary>
/// <param name="Text">Whether it is told the text.</param>
/// <param name="Image">Whether it is told the picture.</param>
internal readonly record struct Condition(bool Text, bool Image);
