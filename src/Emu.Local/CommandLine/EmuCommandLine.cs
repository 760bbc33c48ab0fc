using System.CommandLine;
using System.CommandLine.Help;
using Emu.Local.Commands;

namespace Emu.Local.CommandLine;

/// <summary>The command line as a whole: its commands, and how errors become messages and exit codes.</summary>
public static class EmuCommandLine
{
    /// <summary>Parses and runs one command.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var root = CreateRoot();

        // A prompt may begin with "@": it is never the name of a file with more arguments.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"emu: {error.Message}");
            }

            await Console.Error.WriteLineAsync($"Type '{CommandPath(parsed)} --help' for what is accepted.");
            return ExitCode.Usage;
        }

        using var signals = new SignalCancellation();
        try
        {
            // Signals are ours to handle (ProcessTerminationTimeout null), and so are exceptions.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, signals.Token);
        }
        catch (Exception exception)
        {
            var (code, message) = ErrorReport.Describe(exception, signals.Token.IsCancellationRequested);
            await Console.Error.WriteLineAsync($"emu: {message}");
            return code;
        }
    }

    private static Command CreateRoot()
    {
        // Not a RootCommand, which calls itself by the program's file name.
        var root = new Command("emu", "A sentence, a picture, or both become a short video.")
        {
            new HelpOption { Recursive = true },
            new VersionOption(),
            new GenerateCommand(),
            new ImageCommand(),
            new ModelsCommand(),
            new ServeCommand(),
            new WorkCommand(),
            new JobsCommand(),
            new KeysCommand(),
            new DoctorCommand(),
        };
        root.Add(new HelpCommand(root));
        root.SetAction(parsed => new HelpCommand(root).Show(parsed, []));
        return root;
    }

    private static string CommandPath(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Insert(0, result.Command.Name);
        }

        return string.Join(' ', names);
    }
}
