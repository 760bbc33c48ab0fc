namespace Emu.Diffusion.Pipelines;

/// <summary>A checkpoint is malformed or belongs to another run; the message says what differs.</summary>
public sealed class CheckpointException(string message, Exception? innerException = null) : Exception(message, innerException);
