namespace Emu.Local.CommandLine;

/// <summary>What the process ends with.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>The command was right and failed: a broken picture, a missing program, a full disk.</summary>
    public const int Failure = 1;

    /// <summary>The command itself is wrong: an unknown option, a value out of its range, something the model does not offer.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C or a termination signal.</summary>
    public const int Cancelled = 130;
}
