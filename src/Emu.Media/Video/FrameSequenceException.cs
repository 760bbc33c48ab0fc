namespace Emu.Media.Video;

/// <summary>The frames do not make a video: there are none, they differ in size, or another number came than was announced.</summary>
/// <param name="message">What is wrong with them.</param>
public sealed class FrameSequenceException(string message) : Exception(message);
