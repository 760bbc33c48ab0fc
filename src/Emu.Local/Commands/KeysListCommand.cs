using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Emu.Api.Authentication;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;
using Emu.Pipeline;

namespace Emu.Local.Commands;

/// <summary><c>emu keys list</c>: every key ever made, without the keys themselves.</summary>
internal sealed class KeysListCommand : Command
{
    private readonly Option<string> _data = DataFolder.CreateOption();
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON array on stdout, and nothing else there" };

    /// <summary>Creates the command.</summary>
    public KeysListCommand()
        : base("list", "Lists the keys: id, last four characters, owner, name")
    {
        Add(_data);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var keys = new ApiKeyFile(new DataFolder(parsed.GetValue(_data)!).Keys, TimeProvider.System).Read();
        if (parsed.GetValue(_json))
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(keys.Select(key => new { key.Id, key.Name, key.Owner, key.Hint, key.CreatedAt, key.RevokedAt }), PipelineJson.Options));
            return ExitCode.Success;
        }

        if (keys.Count == 0)
        {
            await Console.Error.WriteLineAsync("emu: there are no keys: the server answers its own machine only. Make one with: emu keys create");
        }

        foreach (var key in keys)
        {
            var state = key.RevokedAt is { } revoked ? $"revoked {Day(revoked)}" : $"made {Day(key.CreatedAt)}";
            await Console.Out.WriteLineAsync($"{key.Id}  …{key.Hint}  {key.Owner,-20}  {state,-18}  {key.Name}");
        }

        return ExitCode.Success;
    }

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
