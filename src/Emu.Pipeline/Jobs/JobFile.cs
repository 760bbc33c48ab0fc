namespace Emu.Pipeline.Jobs;

/// <summary>A file that a job made.</summary>
/// <param name="Variant">What it is asked for by: a format (<c>mp4</c>, <c>gif</c>, <c>png</c> …), <c>thumbnail</c>, <c>spritesheet</c> or <c>keyframe</c>.</param>
/// <param name="Artifact">Its name in the store.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Its SHA-256, 64 hexadecimal digits.</param>
public sealed record JobFile(string Variant, string Artifact, string ContentType, long Length, string Sha256);
