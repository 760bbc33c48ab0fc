namespace Emu.Media.Video;

/// <summary>What was written.</summary>
/// <param name="FrameCount">Frames that went in.</param>
/// <param name="Duration">Frames over frames a second.</param>
/// <param name="Width">Width of the frames in pixels (H.264 adds a column to an odd width).</param>
/// <param name="Height">Height of the frames in pixels (H.264 adds a row to an odd height).</param>
/// <param name="Length">Size of the file in bytes.</param>
public sealed record EncodedVideo(int FrameCount, TimeSpan Duration, int Width, int Height, long Length);
