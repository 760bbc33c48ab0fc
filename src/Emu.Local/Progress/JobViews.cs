using Spectre.Console;

namespace Emu.Local.Progress;

/// <summary>Chooses how to show a job.</summary>
public static class JobViews
{
    /// <summary>Bars if stderr is a terminal that can show them, plain lines otherwise.</summary>
    public static IJobView ForStandardError()
    {
        if (Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb")
        {
            return new PlainJobView(Console.Error, TimeProvider.System);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return new TerminalJobView(console);
    }
}
