namespace Emu.Diffusion.Guidance;

/// <summary>What one evaluation of the network is told.</summary>
/// <param name="Text">Whether it is told the text.</param>
/// <param name="Image">Whether it is told the picture.</param>
public readonly record struct GuidanceCondition(bool Text, bool Image);
