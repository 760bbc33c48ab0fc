namespace Emu.Local.CommandLine;

/// <summary>The command line asks for something that cannot be: the message says what was wrong and what is accepted.</summary>
public sealed class UsageException(string message) : Exception(message);
