using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Emu.Api.Authentication;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;
using Emu.Pipeline;

namespace Emu.Local.Commands;

/// <summary><c>emu keys</c>: a server's API keys, as a group of commands.</summary>
internal sealed class KeysCommand : Command
{
    public KeysCommand()
        : base("keys", "Creates, lists and revokes a server's API keys; a running server sees a change within a second, servers that share a hub within five")
    {
        Add(new KeysCreateCommand());
        Add(new KeysListCommand());
        Add(new KeysRevokeCommand());
    }
}

/// <summary>Where the keys are: in a data folder, or in what several servers share.</summary>
internal sealed class KeysPlace
{
    private readonly Option<string> _data = DataFolder.CreateOption();
    private readonly EngineOptions _engine = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_data);
        foreach (var option in _engine.Place)
        {
            command.Add(option);
        }
    }

    /// <summary>Makes a key.</summary>
    public Task<CreatedApiKey> CreateAsync(ParseResult parsed, string name, string? owner, CancellationToken cancellationToken) =>
        RunAsync(parsed, path => new DataFolder(path), file => file.Create(name, owner), shared => shared.CreateAsync(name, owner, cancellationToken), cancellationToken);

    /// <summary>Every key.</summary>
    public Task<IReadOnlyList<ApiKey>> ReadAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        RunAsync(parsed, DataFolder.Existing, file => file.Read(), shared => shared.ReadAsync(cancellationToken), cancellationToken);

    /// <summary>Revokes a key; null if there is none of that id.</summary>
    public Task<ApiKey?> RevokeAsync(ParseResult parsed, string id, CancellationToken cancellationToken) =>
        RunAsync(parsed, DataFolder.Existing, file => file.Revoke(id), shared => shared.RevokeAsync(id, cancellationToken), cancellationToken);

    private async Task<T> RunAsync<T>(ParseResult parsed, Func<string, DataFolder> open, Func<ApiKeyFile, T> onFile, Func<StoredApiKeys, Task<T>> onShared, CancellationToken cancellationToken)
    {
        if (_engine.Read(parsed) is not { } hub)
        {
            return onFile(new ApiKeyFile(open(parsed.GetValue(_data)!).Keys, TimeProvider.System));
        }

        using var keys = (await SharedHome.OpenAsync(hub, cancellationToken)).Keys();
        return await onShared(keys);
    }
}

/// <summary><c>emu keys create</c>: makes a key and shows it, once.</summary>
internal sealed class KeysCreateCommand : Command
{
    private readonly KeysPlace _place = new();
    private readonly Option<string> _name = new("--name") { HelpName = "NAME", Description = "What to call the key, to tell it from others", DefaultValueFactory = _ => "key" };
    private readonly Option<string?> _owner = new("--owner") { HelpName = "OWNER", Description = "Whose jobs it sees (a-z, 0-9, _ and -); keys of one owner see the same jobs. 'local' sees those made while there were no keys. Default: an owner of its own" };
    private readonly Option<bool> _json = CommandOptions.Json();

    public KeysCreateCommand()
        : base("create", "Makes a key and prints it; it cannot be shown again. From the first key on, the server answers only requests with one")
    {
        Add(_name);
        Add(_owner);
        _place.AddTo(this);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        CreatedApiKey created;
        try
        {
            created = await _place.CreateAsync(parsed, parsed.GetValue(_name)!, parsed.GetValue(_owner), cancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(exception.Message.Split(" (Parameter")[0]);
        }

        if (parsed.GetValue(_json))
        {
            var (key, secret) = created;
            await parsed.Output().WriteLineAsync(JsonSerializer.Serialize(new { key.Id, key.Name, key.Owner, key.CreatedAt, Key = secret }, PipelineJson.Options));
            return ExitCode.Success;
        }

        await parsed.Errors().WriteLineAsync($"emu: {created.Key.Id} for owner '{created.Key.Owner}'. This is the only time the key is shown:");
        await parsed.Output().WriteLineAsync(created.Secret);
        return ExitCode.Success;
    }
}

/// <summary><c>emu keys list</c>: every key ever made, without the keys themselves.</summary>
internal sealed class KeysListCommand : Command
{
    private readonly KeysPlace _place = new();
    private readonly Option<bool> _json = CommandOptions.Json("Print one JSON array on stdout, and nothing else there");

    public KeysListCommand()
        : base("list", "Lists the keys: id, last four characters, owner, name")
    {
        _place.AddTo(this);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var keys = await _place.ReadAsync(parsed, cancellationToken);
        if (parsed.GetValue(_json))
        {
            await parsed.Output().WriteLineAsync(JsonSerializer.Serialize(keys.Select(key => new { key.Id, key.Name, key.Owner, key.Hint, key.CreatedAt, key.RevokedAt }), PipelineJson.Options));
            return ExitCode.Success;
        }

        if (keys.Count == 0)
        {
            await parsed.Errors().WriteLineAsync("emu: there are no keys: the server answers its own machine only. Make one with: emu keys create");
        }

        foreach (var key in keys)
        {
            var state = key.RevokedAt is { } revoked ? $"revoked {Day(revoked)}" : $"made {Day(key.CreatedAt)}";
            await parsed.Output().WriteLineAsync($"{key.Id}  …{key.Hint}  {key.Owner,-20}  {state,-18}  {key.Name}");
        }

        return ExitCode.Success;
    }

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary><c>emu keys revoke ID</c>: makes a key useless.</summary>
internal sealed class KeysRevokeCommand : Command
{
    private readonly KeysPlace _place = new();
    private readonly Argument<string> _id = new("id") { Description = "The key's id, as 'emu keys list' shows it" };

    public KeysRevokeCommand()
        : base("revoke", "Revokes a key; its owner's jobs stay")
    {
        Add(_id);
        _place.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var id = parsed.GetValue(_id)!;
        var revoked = await _place.RevokeAsync(parsed, id, cancellationToken) ?? throw new CommandFailedException($"There is no key '{id}'. 'emu keys list' shows those there are.");
        await parsed.Errors().WriteLineAsync($"emu: {revoked.Id} ({revoked.Name}, …{revoked.Hint}) is revoked.");
        return ExitCode.Success;
    }
}
