using System.CommandLine;

namespace Emu.Local.Commands;

/// <summary><c>emu models</c>: model packages, as a group of commands.</summary>
internal sealed class ModelsCommand : Command
{
    /// <summary>Creates the command.</summary>
    public ModelsCommand()
        : base("models", "Lists, inspects and verifies model packages")
    {
        Add(new ModelsListCommand());
        Add(new ModelsInspectCommand());
        Add(new ModelsVerifyCommand());
    }
}
