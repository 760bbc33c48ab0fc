using Emu.Api.Hosting;
using Emu.Pipeline.Jobs;
using Microsoft.Extensions.Configuration;

namespace Emu.Functions.Settings;

/// <summary>How the app runs. Immutable; read from its settings, where every mistake is told by the setting's name.</summary>
public sealed record FunctionsOptions
{
    /// <summary>The container of artifacts, and the beginning of the names of what belongs to it.</summary>
    public const string TaskHub = "emu";

    /// <summary>Where artifacts lie.</summary>
    public required string Storage { get; init; }

    /// <summary>The key that encrypts what the servers share.</summary>
    public required string SecretsKey { get; init; }

    /// <summary>The first API key; null if there is none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Whose jobs the first API key sees, and uploads become.</summary>
    public string JobOwner { get; init; } = Owner.Local;

    /// <summary>Whether the project's own engine runs orchestrations, instead of Durable Functions.</summary>
    public bool UsesAzureStorageEngine { get; init; }

    /// <summary>Whether the app does the stages that run models too.</summary>
    public bool RunsModels { get; init; } = true;

    /// <summary>How clients reach the app.</summary>
    public PublicAccess Access { get; init; } = new();

    /// <summary>Whether the app may run without API keys: on a developer's machine only.</summary>
    public bool IsDevelopment { get; init; }

    /// <summary>Reads the app's settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="isDevelopment">Whether this is a developer's machine.</param>
    /// <exception cref="SettingException">One is missing or not accepted.</exception>
    public static FunctionsOptions Read(IConfiguration settings, bool isDevelopment)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new FunctionsOptions
        {
            Storage = Required(settings, SettingNames.Storage),
            SecretsKey = Required(settings, SettingNames.SecretsKey),
            ApiKey = ReadApiKey(settings),
            JobOwner = ReadOwner(settings),
            UsesAzureStorageEngine = OneOf(settings, SettingNames.Engine, EngineNames.DurableFunctions, EngineNames.AzureStorage) == EngineNames.AzureStorage,
            RunsModels = OneOf(settings, SettingNames.Stages, StageSets.All, StageSets.Light) == StageSets.All,
            Access = ReadAccess(settings),
            IsDevelopment = isDevelopment,
        };
    }

    private static string Required(IConfiguration settings, string name) =>
        settings[name] is { Length: > 0 } value ? value : throw new SettingException(name, "is missing");

    private static string OneOf(IConfiguration settings, string name, string byDefault, string other) => settings[name] switch
    {
        null or "" => byDefault,
        var value when value == byDefault || value == other => value,
        var value => throw new SettingException(name, $"is '{value}'"),
    };

    private static string? ReadApiKey(IConfiguration settings)
    {
        const int MinimumLength = 36;
        return settings[SettingNames.ApiKey] switch
        {
            null or "" => null,
            { Length: >= MinimumLength and <= 256 } key when key.StartsWith("emu_", StringComparison.Ordinal) && key.All(char.IsAscii) && !key.Any(char.IsWhiteSpace) => key,
            _ => throw new SettingException(SettingNames.ApiKey, "is no key"),
        };
    }

    private static string ReadOwner(IConfiguration settings)
    {
        var owner = settings[SettingNames.Owner] is { Length: > 0 } given ? given : Owner.Local;
        try
        {
            Owner.Validate(owner);
            return owner;
        }
        catch (ArgumentException exception)
        {
            throw new SettingException(SettingNames.Owner, $"is '{owner}'", exception);
        }
    }

    private static PublicAccess ReadAccess(IConfiguration settings)
    {
        if (settings[SettingNames.PublicUrl] is not { Length: > 0 } url)
        {
            return new PublicAccess();
        }

        try
        {
            return new PublicAccess { PublicUrl = PublicAccess.ParseUrl(url) };
        }
        catch (ArgumentException exception)
        {
            throw new SettingException(SettingNames.PublicUrl, $"is '{url}'", exception);
        }
    }
}

/// <summary>A setting is missing or not accepted: the app cannot start.</summary>
public sealed class SettingException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="name">The setting's name, one of <see cref="SettingNames.All"/>.</param>
    /// <param name="problem">What is wrong with it, after its name.</param>
    /// <param name="innerException">What says more.</param>
    public SettingException(string name, string problem, Exception? innerException = null)
        : base($"The setting {name} {problem}. {SettingNames.All.Single(setting => setting.Name == name).Meaning}.", innerException) => Name = name;

    /// <summary>The setting's name.</summary>
    public string Name { get; }
}
