namespace Emu.Pipeline.Stages;

/// <summary>A file that a stage left.</summary>
/// <param name="Name">What it is called among the stage's files: <c>keyframe.png</c>.</param>
/// <param name="Artifact">Its name in the store.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Its SHA-256, 64 hexadecimal digits.</param>
public sealed record StageFile(string Name, string Artifact, long Length, string Sha256);
