using System.CommandLine;

namespace Emu.Local.Commands;

/// <summary><c>emu keys</c>: a server's API keys, as a group of commands.</summary>
internal sealed class KeysCommand : Command
{
    /// <summary>Creates the command.</summary>
    public KeysCommand()
        : base("keys", "Creates, lists and revokes a server's API keys; a running server sees a change within a second")
    {
        Add(new KeysCreateCommand());
        Add(new KeysListCommand());
        Add(new KeysRevokeCommand());
    }
}
