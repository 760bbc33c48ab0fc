using System.CommandLine;

namespace Emu.Local.Commands;

/// <summary><c>emu help [COMMAND…]</c>: what a command does and takes.</summary>
internal sealed class HelpCommand : Command
{
    private readonly Command _root;

    public HelpCommand(Command root)
        : base("help", "Shows what a command does and takes")
    {
        _root = root;
        var names = new Argument<string[]>("command") { Description = "The command, for example: generate, or models verify", Arity = ArgumentArity.ZeroOrMore };
        Add(names);
        SetAction(parsed => Show(parsed, parsed.GetValue(names) ?? []));
    }

    /// <summary>Shows the help of the command of that name, or of all.</summary>
    /// <returns>The exit code: usage if there is no such command.</returns>
    public int Show(ParseResult parsed, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        ArgumentNullException.ThrowIfNull(names);
        var command = _root;
        foreach (var name in names)
        {
            var child = command.Subcommands.FirstOrDefault(candidate => candidate.Name == name);
            if (child is null)
            {
                throw new CommandLine.UsageException($"There is no command '{name}'. There are: {string.Join(", ", command.Subcommands.Select(candidate => candidate.Name))}.");
            }

            command = child;
        }

        return _root.Parse([.. names, "--help"]).Invoke(parsed.InvocationConfiguration);
    }
}
