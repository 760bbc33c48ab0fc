using Emu.Generation.Models;

namespace Emu.Functions.Settings;

/// <summary>A setting of the Functions app: an app setting, or an environment variable of its container.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reader">Who reads it.</param>
/// <param name="Meaning">What it says and what is accepted.</param>
public sealed record Setting(string Name, SettingReader Reader, string Meaning);

/// <summary>Who reads a setting.</summary>
public enum SettingReader
{
    /// <summary>The app's own code.</summary>
    App,

    /// <summary>The Functions host.</summary>
    Host,

    /// <summary>The Functions host, only where the Durable Task Scheduler is used.</summary>
    SchedulerHost,

    /// <summary>The Functions host, only where the app does every stage itself.</summary>
    SingleHost,
}

/// <summary>Every setting of the app, once: deployment and documentation are checked against this table.</summary>
public static class SettingNames
{
    /// <summary>The artifacts' storage.</summary>
    public const string Storage = "EMU_STORAGE";

    /// <summary>The key that encrypts what the servers share.</summary>
    public const string SecretsKey = "EMU_SECRETS_KEY";

    /// <summary>The first API key.</summary>
    public const string ApiKey = "EMU_API_KEY";

    /// <summary>Whose jobs the first API key sees, and uploads become.</summary>
    public const string Owner = "EMU_OWNER";

    /// <summary>What runs orchestrations.</summary>
    public const string Engine = "EMU_ENGINE";

    /// <summary>Which stages the app does.</summary>
    public const string Stages = "EMU_STAGES";

    /// <summary>Where model packages are.</summary>
    public const string Models = ModelFolders.PathVariable;

    /// <summary>The address of links.</summary>
    public const string PublicUrl = "EMU_PUBLIC_URL";

    /// <summary>The table.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new(Storage, SettingReader.App, "Where artifacts lie: a storage connection string, or an account's blob address (https), signed in to by the default Azure credential"),
        new(SecretsKey, SettingReader.App, "The key that encrypts API keys, webhook secrets and deliveries: 32 bytes as Base64, the same for every server and worker"),
        new(ApiKey, SettingReader.App, "The first API key, 'emu_' and at least 32 characters: stored, as a hash, when the app starts and no key was ever made. Not used later"),
        new(Owner, SettingReader.App, "Whose jobs the first API key sees, and uploads become; 'local' by default"),
        new(Engine, SettingReader.App, $"What runs orchestrations: '{EngineNames.DurableFunctions}' (the default), or '{EngineNames.AzureStorage}', the engine that emu serve and emu work share"),
        new(Stages, SettingReader.App, $"The stages that the app does: '{StageSets.All}' (the default), or '{StageSets.Light}', those without a model; workers do the others"),
        new(Models, SettingReader.App, "Folders with model packages, as PATH writes them; those in 'models' beside the app are found too"),
        new(PublicUrl, SettingReader.App, "The address of links in responses; by default the one that a request was sent to"),
        new("AZURE_CLIENT_ID", SettingReader.App, "The identity that the default Azure credential takes"),

        new("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", SettingReader.Host, "The identity that sends telemetry"),
        new("APPLICATIONINSIGHTS_CONNECTION_STRING", SettingReader.Host, "Where telemetry goes"),
        new("AZURE_FUNCTIONS_ENVIRONMENT", SettingReader.Host, "'Development' lets the app start without API keys; it then answers its own machine only"),
        new("AzureWebJobsSecretStorageType", SettingReader.Host, "Where the host keeps its keys"),
        new("AzureWebJobsStorage__accountName", SettingReader.Host, "The account of the host's own data and of uploads"),
        new("AzureWebJobsStorage__clientId", SettingReader.Host, "The identity for it"),
        new("AzureWebJobsStorage__credential", SettingReader.Host, "'managedidentity'"),
        new("AzureWebJobs_edits_blob_polled_Disabled", SettingReader.Host, "Pictures to edit come by Event Grid, not by polling"),
        new("AzureWebJobs_uploads_blob_polled_Disabled", SettingReader.Host, "Pictures for videos come by Event Grid, not by polling"),
        new("FUNCTIONS_WORKER_RUNTIME", SettingReader.Host, "'dotnet-isolated'"),

        new("AzureFunctionsJobHost__extensions__durableTask__hubName", SettingReader.SchedulerHost, "The scheduler's task hub"),
        new("AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName", SettingReader.SchedulerHost, "The setting with the scheduler's address"),
        new("AzureFunctionsJobHost__extensions__durableTask__storageProvider__type", SettingReader.SchedulerHost, "'azureManaged'"),
        new("AzureFunctionsJobHost__extensions__durableTask__storageProvider__workItemFilteringEnabled", SettingReader.SchedulerHost, "The host takes only what it has a function for"),
        new("DURABLE_TASK_SCHEDULER_CONNECTION_STRING", SettingReader.SchedulerHost, "The scheduler's address and the identity for it"),

        new("AzureFunctionsJobHost__extensions__durableTask__maxConcurrentActivityFunctions", SettingReader.SingleHost, "How many activities a replica takes at once"),
    ];
}

/// <summary>What may run orchestrations.</summary>
public static class EngineNames
{
    /// <summary>Durable Functions; the host's storage provider says where its state lies.</summary>
    public const string DurableFunctions = "durable-functions";

    /// <summary>The project's engine on Azure Storage, within the app.</summary>
    public const string AzureStorage = "azure-storage";
}

/// <summary>Which stages the app does.</summary>
public static class StageSets
{
    /// <summary>Every stage.</summary>
    public const string All = "all";

    /// <summary>Stages without a model: encoding, the ends of jobs, deliveries.</summary>
    public const string Light = "light";
}
