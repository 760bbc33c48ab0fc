using System.CommandLine;
using Emu.Durable.AzureStorage;
using Emu.Local.CommandLine;
using Emu.Pipeline.Stages;

namespace Emu.Local.Commands;

/// <summary>The options that say which engine runs jobs, and where its storage is.</summary>
internal sealed class EngineOptions
{
    private const string Embedded = "embedded";
    private const string AzureStorage = "azure-storage";
    private const string NoStages = "none";

    private readonly Option<string> _engine = new("--engine")
    {
        HelpName = $"{Embedded}|{AzureStorage}",
        Description = $"What runs jobs: '{Embedded}' in this process alone, '{AzureStorage}' together with other machines (needs --storage, and {Hosting.SharedHome.KeyVariable})",
        DefaultValueFactory = _ => Embedded,
    };

    private readonly Option<string?> _taskHub = new("--task-hub")
    {
        HelpName = "NAME",
        Description = $"With --engine {AzureStorage}: what the machines that work together share; its containers, queues and tables begin with this name. Default: {AzureStorageEngineOptions.DefaultTaskHub}",
    };

    private readonly Option<string?> _stages = new("--stages")
    {
        HelpName = "STAGE,…",
        Description = $"With --engine {AzureStorage}: the stages that this machine does, out of {string.Join(", ", StageNames.Work)}, or '{NoStages}'. Default: all",
    };

    /// <summary><c>--storage</c>.</summary>
    public Option<string?> Storage { get; } = new("--storage")
    {
        HelpName = "CONNECTION",
        Description = "A storage connection string or an account's blob address: artifacts then lie in a container there instead of the data folder",
    };

    /// <summary>The options of commands that only find a server's data.</summary>
    public IEnumerable<Option> Place => [_engine, Storage, _taskHub];

    /// <summary>All options.</summary>
    public IEnumerable<Option> All => [.. Place, _stages];

    /// <summary>The engine on Azure Storage, if that is asked for; else null.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="takesLightWork">Whether a process that names its stages ends jobs and sends webhooks too.</param>
    /// <exception cref="UsageException">A value is not accepted, or one is missing.</exception>
    public AzureStorageEngineOptions? Read(ParseResult parsed, bool takesLightWork = true)
    {
        var stages = parsed.CommandResult.Command.Options.Contains(_stages) ? parsed.GetValue(_stages) : null;
        switch (parsed.GetValue(_engine))
        {
            case Embedded when stages is not null:
                throw new UsageException($"--stages needs --engine {AzureStorage}: the embedded engine does every stage.");
            case Embedded when parsed.GetValue(_taskHub) is not null:
                throw new UsageException($"--task-hub needs --engine {AzureStorage}.");
            case Embedded:
                return null;
            case AzureStorage when parsed.GetValue(Storage) is { Length: > 0 } storage:
                return Create(storage, parsed.GetValue(_taskHub) ?? AzureStorageEngineOptions.DefaultTaskHub) with { Activities = ReadStages(stages, takesLightWork) };
            case AzureStorage:
                throw new UsageException($"--engine {AzureStorage} needs --storage: a storage connection string or an account's blob address.");
            default:
                throw new UsageException($"--engine was given '{parsed.GetValue(_engine)}'; {Embedded} and {AzureStorage} are accepted.");
        }
    }

    /// <summary>Options of a hub.</summary>
    /// <exception cref="UsageException">A value is not accepted.</exception>
    public static AzureStorageEngineOptions Create(string storage, string taskHub)
    {
        try
        {
            return new AzureStorageEngineOptions { Storage = storage, TaskHub = taskHub };
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    private static TakenActivities? ReadStages(string? stages, bool takesLightWork)
    {
        if (stages is null)
        {
            return null;
        }

        var named = stages == NoStages ? [] : stages.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        // Whoever encodes also makes the further formats of jobs that have ended.
        return named.All(StageNames.Work.Contains) && (named.Length > 0 || stages == NoStages)
            ? new TakenActivities([.. named, .. named.Contains(StageNames.Encode) ? [StageNames.Format] : Array.Empty<string>()], takesLightWork)
            : throw new UsageException($"--stages was given '{stages}'; accepted are {string.Join(", ", StageNames.Work)} with commas between them, or '{NoStages}'.");
    }
}
