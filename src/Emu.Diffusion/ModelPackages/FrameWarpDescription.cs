namespace Emu.Diffusion.ModelPackages;

/// <summary>A graph that makes frames of a clip out of its first frame, moved as they show (<see cref="Pipelines.FrameWarping"/>).</summary>
/// <param name="Graph">The graph's folder.</param>
/// <param name="Strength">What displacements are multiplied by: 0 to 4, by default 1.</param>
public sealed record FrameWarpDescription(string Graph, float Strength = 1);
