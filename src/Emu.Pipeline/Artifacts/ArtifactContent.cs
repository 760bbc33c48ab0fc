namespace Emu.Pipeline.Artifacts;

/// <summary>A small artifact read whole.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ETag">The version that was read.</param>
public sealed record ArtifactContent(ReadOnlyMemory<byte> Content, string ETag);
