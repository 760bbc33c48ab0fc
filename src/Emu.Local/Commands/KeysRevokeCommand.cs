using System.CommandLine;
using Emu.Api.Authentication;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;

namespace Emu.Local.Commands;

/// <summary><c>emu keys revoke ID</c>: makes a key useless.</summary>
internal sealed class KeysRevokeCommand : Command
{
    private readonly Option<string> _data = DataFolder.CreateOption();
    private readonly Argument<string> _id = new("id") { Description = "The key's id, as 'emu keys list' shows it" };

    /// <summary>Creates the command.</summary>
    public KeysRevokeCommand()
        : base("revoke", "Revokes a key; its owner's jobs stay")
    {
        Add(_id);
        Add(_data);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var file = new ApiKeyFile(new DataFolder(parsed.GetValue(_data)!).Keys, TimeProvider.System);
        var id = parsed.GetValue(_id)!;
        var revoked = file.Revoke(id) ?? throw new CommandFailedException($"There is no key '{id}'. 'emu keys list' shows those there are.");
        await Console.Error.WriteLineAsync($"emu: {revoked.Id} ({revoked.Name}, …{revoked.Hint}) is revoked.");
        return ExitCode.Success;
    }
}
