namespace Emu.Local.CommandLine;

/// <summary>A command failed for a reason that its message tells in full; no stack trace helps.</summary>
public sealed class CommandFailedException(string message, Exception? innerException = null) : Exception(message, innerException);
