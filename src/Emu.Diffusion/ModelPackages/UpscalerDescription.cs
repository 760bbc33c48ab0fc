namespace Emu.Diffusion.ModelPackages;

/// <summary>A graph that enlarges pictures: <c>[1, channels, height, width]</c>, 0 to 1, to the same times <paramref name="Scale"/>.</summary>
/// <param name="Graph">The graph's folder.</param>
/// <param name="Scale">By how much each side grows.</param>
public sealed record UpscalerDescription(string Graph, int Scale);
