namespace Emu.Local.Tests;

/// <summary>How a command ended.</summary>
internal sealed record EmuResult(int ExitCode, string Output, string Errors);
