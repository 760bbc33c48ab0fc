using Emu.Generation.Models;
using Emu.Hosting;

namespace Emu.Worker.Settings;

/// <summary>A setting of the worker: an environment variable, or an entry of <c>appsettings.json</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it says and what is accepted.</param>
public sealed record WorkerSetting(string Name, string Meaning)
{
    /// <summary>The engine.</summary>
    public static WorkerSetting Engine { get; } = new("EMU_ENGINE", $"What runs jobs: '{SchedulerEngine}' (the default) or '{AzureStorageEngine}'");

    /// <summary>The scheduler's address.</summary>
    public static WorkerSetting Scheduler { get; } = new("EMU_SCHEDULER", "The Durable Task Scheduler's address: https://NAME.REGION.durabletask.io, or http://localhost:PORT");

    /// <summary>The task hub.</summary>
    public static WorkerSetting TaskHub { get; } = new("EMU_TASK_HUB", $"The task hub; for '{SchedulerEngine}' one of the scheduler, for '{AzureStorageEngine}' 'emu' by default");

    /// <summary>The storage.</summary>
    public static WorkerSetting Storage { get; } = new("EMU_STORAGE", "Where artifacts lie: a storage connection string, or an account's blob address (https), signed in to by the default Azure credential");

    /// <summary>The stages.</summary>
    public static WorkerSetting Stages { get; } = new("EMU_STAGES", $"The stages that the worker does: {StageSelection.Accepted}; by default those that run models");

    /// <summary>The folders with model packages.</summary>
    public static WorkerSetting Models { get; } = new(ModelFolders.PathVariable, "Folders with model packages, as PATH writes them; those in 'models' beside the program are found too. An environment variable only");

    /// <summary>The model packages.</summary>
    public static WorkerSetting Model { get; } = new("EMU_MODEL", "The names of the model packages, with commas between them; by default all that are found");

    /// <summary>The device.</summary>
    public static WorkerSetting Device { get; } = new("EMU_DEVICE", "Where models run: auto (the default), cpu, cuda or cuda:n");

    /// <summary>The time budget of a stage.</summary>
    public static WorkerSetting TimeBudget { get; } = new("EMU_TIME_BUDGET", "How many seconds a stage works before it leaves a checkpoint: 1 to 3600, 20 by default");

    /// <summary>The port of the health endpoints.</summary>
    public static WorkerSetting HealthPort { get; } = new("EMU_HEALTH_PORT", "The port of /health/live and /health/ready: 0 to 65535 (0 takes a free one), 8080 by default");

    /// <summary>Every setting of the program's own.</summary>
    public static IReadOnlyList<WorkerSetting> All { get; } = [Engine, Scheduler, TaskHub, Storage, Stages, Models, Model, Device, TimeBudget, HealthPort];

    /// <summary>The Durable Task Scheduler.</summary>
    internal const string SchedulerEngine = "scheduler";

    /// <summary>The engine that keeps its data in Azure Storage.</summary>
    internal const string AzureStorageEngine = "azure-storage";
}

/// <summary>A setting is missing or not accepted: the worker cannot start.</summary>
/// <param name="setting">The setting.</param>
/// <param name="problem">What is wrong, after its name.</param>
/// <param name="innerException">What says more.</param>
public sealed class WorkerSettingException(WorkerSetting setting, string problem, Exception? innerException = null)
    : Exception($"The setting {setting.Name} {problem}. {setting.Meaning}.", innerException);
