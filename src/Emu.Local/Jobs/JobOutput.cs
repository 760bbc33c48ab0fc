namespace Emu.Local.Jobs;

/// <summary>A file that was written.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Format">Its format: mp4, gif, webp, apng, webm; png, jpeg.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Frames">How many frames; 1 for a still.</param>
/// <param name="DurationSeconds">How long it plays; null for a still.</param>
/// <param name="Bytes">Its length in bytes.</param>
internal sealed record JobOutput(string Path, string Format, int Width, int Height, int Frames, double? DurationSeconds, long Bytes);
