using System.CommandLine;
using System.Text.Json;
using Emu.Api.Authentication;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;
using Emu.Pipeline;

namespace Emu.Local.Commands;

/// <summary><c>emu keys create</c>: makes a key and shows it, once.</summary>
internal sealed class KeysCreateCommand : Command
{
    private readonly Option<string> _data = DataFolder.CreateOption();
    private readonly Option<string> _name = new("--name") { HelpName = "NAME", Description = "What to call the key, to tell it from others", DefaultValueFactory = _ => "key" };
    private readonly Option<string?> _owner = new("--owner") { HelpName = "OWNER", Description = "Whose jobs it sees (a-z, 0-9, _ and -); keys of one owner see the same jobs. 'local' sees those made while there were no keys. Default: an owner of its own" };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object on stdout, and nothing else there" };

    /// <summary>Creates the command.</summary>
    public KeysCreateCommand()
        : base("create", "Makes a key and prints it; it cannot be shown again. From the first key on, the server answers only requests with one")
    {
        Add(_name);
        Add(_owner);
        Add(_data);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        CreatedApiKey created;
        try
        {
            created = new ApiKeyFile(new DataFolder(parsed.GetValue(_data)!).Keys, TimeProvider.System).Create(parsed.GetValue(_name)!, parsed.GetValue(_owner));
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(exception.Message.Split(" (Parameter")[0]);
        }

        if (parsed.GetValue(_json))
        {
            var (key, secret) = created;
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new { key.Id, key.Name, key.Owner, key.CreatedAt, Key = secret }, PipelineJson.Options));
            return ExitCode.Success;
        }

        await Console.Error.WriteLineAsync($"emu: {created.Key.Id} for owner '{created.Key.Owner}'. This is the only time the key is shown:");
        await Console.Out.WriteLineAsync(created.Secret);
        return ExitCode.Success;
    }
}
