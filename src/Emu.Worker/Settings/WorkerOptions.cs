using System.Globalization;
using Emu.Diffusion.Sessions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage;
using Emu.Durable.Scheduler;
using Emu.Durable.Scheduler.Connection;
using Emu.Generation;
using Emu.Generation.Models;
using Emu.Hosting;
using Emu.Pipeline.Stages;

namespace Emu.Worker.Settings;

/// <summary>How the worker runs. Immutable; read from its settings, where every mistake is told by the setting's name.</summary>
public sealed record WorkerOptions
{
    /// <summary>The hub, as this worker uses it: its stages, no orchestrations.</summary>
    public required SharedHub Hub { get; init; }

    /// <summary>The models and the device.</summary>
    public required GenerationOptions Generation { get; init; }

    /// <summary>How stages run.</summary>
    public StageOptions Stages { get; init; } = new();

    /// <summary>The port of the health endpoints; 0 takes a free one.</summary>
    public int HealthPort { get; init; } = 8080;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="WorkerSettingException">One is missing or not accepted.</exception>
    public static WorkerOptions Read(IConfiguration settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new WorkerOptions
        {
            Hub = ReadHub(settings).With(ReadStages(settings), runsOrchestrations: false),
            Generation = new GenerationOptions { Models = ReadModels(settings), Device = ReadDevice(settings) },
            Stages = new StageOptions { TimeBudget = TimeSpan.FromSeconds(ReadNumber(settings, WorkerSetting.TimeBudget, 20, 1, 3600)) },
            HealthPort = ReadNumber(settings, WorkerSetting.HealthPort, 8080, 0, ushort.MaxValue),
        };
    }

    private static SharedHub ReadHub(IConfiguration settings)
    {
        switch (Optional(settings, WorkerSetting.Engine) ?? WorkerSetting.SchedulerEngine)
        {
            case WorkerSetting.SchedulerEngine:
                var (endpoint, hub, blobs) = (Required(settings, WorkerSetting.Scheduler), Required(settings, WorkerSetting.TaskHub), Required(settings, WorkerSetting.Storage));
                var address = Accepted(WorkerSetting.Scheduler, endpoint, SchedulerEndpoint.Parse);
                return Accepted(WorkerSetting.TaskHub, hub, name => new SchedulerHub(new SchedulerEngineOptions { Endpoint = address, TaskHub = name }, blobs));
            case WorkerSetting.AzureStorageEngine:
                var options = Accepted(WorkerSetting.Storage, Required(settings, WorkerSetting.Storage), storage => new AzureStorageEngineOptions { Storage = storage });
                return new AzureStorageHub(Optional(settings, WorkerSetting.TaskHub) is { } name ? Accepted(WorkerSetting.TaskHub, name, hub => options with { TaskHub = hub }) : options);
            case var other:
                throw new WorkerSettingException(WorkerSetting.Engine, $"is '{other}'");
        }
    }

    private static TakenActivities ReadStages(IConfiguration settings)
    {
        var text = Optional(settings, WorkerSetting.Stages);
        return text is null ? new TakenActivities(StageSelection.Models, DefaultGroup: false)
            : StageSelection.TryParse(text, out var activities) ? new TakenActivities(activities, DefaultGroup: false)
            : throw new WorkerSettingException(WorkerSetting.Stages, $"is '{text}'");
    }

    // The default comes first; jobs name no other model than those that are here.
    private static IReadOnlyList<KeyValuePair<string, string>> ReadModels(IConfiguration settings)
    {
        var found = GenerationOptions.Name(ModelFolders.List().OrderBy(folder => Path.GetFileName(folder) != ModelFolders.DefaultName));
        var named = Optional(settings, WorkerSetting.Model)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var taken = named is null
            ? found
            : [.. named.Select(name => found.Where(model => model.Key == name).Select(model => (KeyValuePair<string, string>?)model).FirstOrDefault()
                ?? throw new WorkerSettingException(WorkerSetting.Model, $"names '{name}', which is not there; there are: {string.Join(", ", found.Select(model => model.Key))}"))];
        return taken.Count > 0 ? taken : throw new WorkerSettingException(WorkerSetting.Models, "names no folder with a model package, and there is none beside the program");
    }

    private static DeviceChoice ReadDevice(IConfiguration settings) => Optional(settings, WorkerSetting.Device) switch
    {
        null => DeviceChoice.Auto,
        var text when DeviceChoice.TryParse(text, out var device) => device,
        var text => throw new WorkerSettingException(WorkerSetting.Device, $"is '{text}'"),
    };

    private static int ReadNumber(IConfiguration settings, WorkerSetting setting, int byDefault, int minimum, int maximum) => Optional(settings, setting) switch
    {
        null => byDefault,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum => number,
        var text => throw new WorkerSettingException(setting, $"is '{text}'"),
    };

    private static T Accepted<T>(WorkerSetting setting, string value, Func<string, T> read)
    {
        try
        {
            return read(value);
        }
        catch (ArgumentException exception)
        {
            // A storage may hold a key, so a value is repeated only where the message itself does.
            throw new WorkerSettingException(setting, $"is not accepted ({exception.Message.TrimEnd('.')})", exception);
        }
    }

    private static string Required(IConfiguration settings, WorkerSetting setting) => Optional(settings, setting) ?? throw new WorkerSettingException(setting, "is missing");

    private static string? Optional(IConfiguration settings, WorkerSetting setting) => settings[setting.Name] is { Length: > 0 } value ? value : null;
}
