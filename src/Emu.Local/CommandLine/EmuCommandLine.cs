using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Emu.Local.Commands;

namespace Emu.Local.CommandLine;

/// <summary>The <c>emu</c> command line.</summary>
public static class EmuCommandLine
{
    /// <summary>Parses and runs a command line on the process's console, and ends early on SIGINT and SIGTERM.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        using var signals = new SignalCancellation();
        return await RunAsync(args, Console.Out, Console.Error, signals.Token);
    }

    /// <summary>Parses and runs a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="errors">Where messages for people go.</param>
    /// <param name="cancellationToken">Ends the command early.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(errors);
        // A prompt may begin with "@": it is never the name of a file with more arguments.
        var parsed = CreateRoot().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var problems = parsed.Action is HelpAction ? [] : parsed.Errors.Select(error => error.Message).Concat(FindUnknownOptions(parsed)).ToList();
        if (problems.Count > 0)
        {
            foreach (var problem in problems)
            {
                await errors.WriteLineAsync($"emu: {problem}");
            }

            await errors.WriteLineAsync($"Type '{CommandPath(parsed)} --help' for what is accepted.");
            return ExitCode.Usage;
        }

        try
        {
            // Signals are ours to handle (ProcessTerminationTimeout null), and so are exceptions.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = output, Error = errors };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception exception)
        {
            var (code, message) = ErrorReport.Describe(exception, cancellationToken.IsCancellationRequested);
            await errors.WriteLineAsync($"emu: {message}");
            return code;
        }
    }

    // The parser takes an option that a command does not have for an argument. After "--" everything is one, as POSIX has it;
    // negative numbers are too, and "-", which stands for standard input.
    private static IEnumerable<string> FindUnknownOptions(ParseResult parsed)
    {
        var plain = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).ToHashSet(ReferenceEqualityComparer.Instance);
        return parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Where(token => token.Value is ['-', not (>= '0' and <= '9' or ' '), ..] && !plain.Contains(token))
            .Select(token => $"'{token.Value}' is not an option of this command. If it is meant as text, put '--' before it.");
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
            new EditCommand(),
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
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
        {
            names.Insert(0, result.Command.Name);
        }

        return string.Join(' ', names);
    }
}
