using System.CommandLine;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage;
using Emu.Durable.Scheduler;
using Emu.Durable.Scheduler.Connection;
using Emu.Hosting;
using Emu.Local.CommandLine;

namespace Emu.Local.Commands;

/// <summary>The options that say which engine runs jobs, and where its storage is.</summary>
internal sealed class EngineOptions
{
    private const string Embedded = "embedded";
    private const string AzureStorage = "azure-storage";
    private const string Scheduler = "scheduler";
    private const string SharedEngines = $"--engine {AzureStorage} or --engine {Scheduler}";

    private readonly Option<string> _engine = new("--engine")
    {
        HelpName = $"{Embedded}|{AzureStorage}|{Scheduler}",
        Description = $"What runs jobs: '{Embedded}' in this process alone; '{AzureStorage}' (needs --storage) and '{Scheduler}' (needs --scheduler, --task-hub and --storage) together with other machines; these need {Hosting.SharedHome.KeyVariable} too",
        DefaultValueFactory = _ => Embedded,
    };

    private readonly Option<string?> _scheduler = CreateScheduler($"With --engine {Scheduler}: the address of the Durable Task Scheduler");

    private readonly Option<string?> _taskHub = new("--task-hub")
    {
        HelpName = "NAME",
        Description = $"What the machines that work together share. With --engine {AzureStorage} its containers, queues and tables begin with this name; default: {AzureStorageEngineOptions.DefaultTaskHub}. With --engine {Scheduler} it is a hub of the scheduler",
    };

    private readonly Option<string?> _stages = new("--stages")
    {
        HelpName = "STAGE,…",
        Description = $"With {SharedEngines}: the stages that this machine does, out of {string.Join(", ", StageSelection.All)}, or '{StageSelection.None}'. Default: all",
    };

    /// <summary><c>--storage</c>.</summary>
    public Option<string?> Storage { get; } = new("--storage")
    {
        HelpName = "CONNECTION",
        Description = "A storage connection string or an account's blob address: artifacts then lie in a container there instead of the data folder",
    };

    /// <summary>The options of commands that only find a server's data.</summary>
    public IEnumerable<Option> Place => [_engine, Storage, _scheduler, _taskHub];

    /// <summary>All options.</summary>
    public IEnumerable<Option> All => [.. Place, _stages];

    /// <summary><c>--scheduler</c>.</summary>
    public static Option<string?> CreateScheduler(string description) => new("--scheduler") { HelpName = "ENDPOINT", Description = description };

    /// <summary>The hub that is shared with other processes, if one is asked for; else null.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="takesLightWork">Whether a process that names its stages ends jobs and sends webhooks too.</param>
    /// <exception cref="UsageException">A value is not accepted, or one is missing.</exception>
    public SharedHub? Read(ParseResult parsed, bool takesLightWork = true)
    {
        var stages = parsed.CommandResult.Command.Options.Contains(_stages) ? parsed.GetValue(_stages) : null;
        var engine = parsed.GetValue(_engine);
        if (engine != Scheduler && parsed.GetValue(_scheduler) is not null)
        {
            throw new UsageException($"--scheduler needs --engine {Scheduler}.");
        }

        switch (engine)
        {
            case Embedded when stages is not null:
                throw new UsageException($"--stages needs {SharedEngines}: the embedded engine does every stage.");
            case Embedded when parsed.GetValue(_taskHub) is not null:
                throw new UsageException($"--task-hub needs {SharedEngines}.");
            case Embedded:
                return null;
            case AzureStorage:
                return CreateAzureStorage(Required(parsed, Storage, AzureStorage), parsed.GetValue(_taskHub)).With(ReadStages(stages, takesLightWork));
            case Scheduler:
                return CreateScheduler(Required(parsed, _scheduler, Scheduler), Required(parsed, _taskHub, Scheduler), Required(parsed, Storage, Scheduler))
                    .With(ReadStages(stages, takesLightWork));
            default:
                throw new UsageException($"--engine was given '{engine}'; {Embedded}, {AzureStorage} and {Scheduler} are accepted.");
        }
    }

    /// <summary>A hub in Azure Storage.</summary>
    /// <exception cref="UsageException">A value is not accepted.</exception>
    public static AzureStorageHub CreateAzureStorage(string storage, string? taskHub) => Checked(() =>
        new AzureStorageHub(new AzureStorageEngineOptions { Storage = storage, TaskHub = taskHub ?? AzureStorageEngineOptions.DefaultTaskHub }));

    /// <summary>A hub of a scheduler.</summary>
    /// <exception cref="UsageException">A value is not accepted.</exception>
    public static SchedulerHub CreateScheduler(string endpoint, string taskHub, string storage) => Checked(() => new SchedulerHub(ReadScheduler(endpoint, taskHub), storage));

    /// <summary>The options of a scheduler.</summary>
    /// <exception cref="UsageException">A value is not accepted.</exception>
    public static SchedulerEngineOptions ReadScheduler(string endpoint, string taskHub) => Checked(() =>
        new SchedulerEngineOptions { Endpoint = SchedulerEndpoint.Parse(endpoint), TaskHub = taskHub });

    private static T Checked<T>(Func<T> create)
    {
        try
        {
            return create();
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    private static string Required(ParseResult parsed, Option<string?> option, string engine) =>
        parsed.GetValue(option) is { Length: > 0 } value ? value : throw new UsageException($"--engine {engine} needs {option.Name}: {Meaning(option.Name)}.");

    private static string Meaning(string option) => option switch
    {
        "--storage" => "a storage connection string or an account's blob address",
        "--scheduler" => "the scheduler's address, https://NAME.REGION.durabletask.io",
        _ => "the name of a task hub of the scheduler",
    };

    private static TakenActivities? ReadStages(string? stages, bool takesLightWork) => stages switch
    {
        null => null,
        _ when StageSelection.TryParse(stages, out var activities) => new TakenActivities(activities, takesLightWork),
        _ => throw new UsageException($"--stages was given '{stages}'; accepted are {StageSelection.Accepted}."),
    };
}
