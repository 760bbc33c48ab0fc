using System.CommandLine;
using Emu.Diffusion.Sessions;
using Emu.Generation;
using Emu.Generation.Models;
using Emu.Hosting;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;
using Emu.Local.Models;
using Emu.Pipeline;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Uploads;
using Emu.Pipeline.Webhooks;
using Microsoft.Extensions.Logging.Console;

namespace Emu.Local.Commands;

/// <summary>The options that <c>serve</c> and <c>work</c> share, and how both log.</summary>
internal sealed class HostingOptions
{
    private readonly Option<string> _data = DataFolder.CreateOption();
    private readonly EngineOptions _engine = new();
    private readonly Option<string[]> _models = new("--model") { HelpName = "DIR", Description = "A model package's folder, or a name that 'emu models list' shows; the first is the default. Default: sticker, and every package that follows instructions about pictures", Arity = ArgumentArity.OneOrMore };
    private readonly Option<DeviceChoice> _device = CommandOptions.Device();
    private readonly Option<ComputePrecision> _precision = CommandOptions.Precision();
    private readonly Option<string[]> _uploads = new("--uploads") { HelpName = "WHERE[=OWNER]", Description = "A folder (with --storage: a blob container) to watch for pictures, and whose jobs they become. Default: 'uploads' in the data folder or storage, of 'local'", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]> _edits = new("--edits") { HelpName = "WHERE[=OWNER]", Description = "The same for pictures to edit: each needs a text that says what to do. Default: 'edits' in the data folder or storage, of 'local'", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _noUploads = new("--no-uploads") { Description = "Watch nothing" };
    private readonly Option<double?> _uploadWait = CommandOptions.Number("--upload-wait", "SECONDS", "How long an uploaded picture waits for its text. Default: 10", 0, 86_400.0);
    private readonly Option<bool> _requireText = new("--require-text") { Description = "An uploaded picture without a text is an error instead of a job without a prompt" };
    private readonly Option<double?> _timeBudget = CommandOptions.Number("--time-budget", "SECONDS", "How long a stage works before it leaves a checkpoint and is called again. Default: 20", 0, 3600.0);
    private readonly Option<bool> _keepIntermediate = new("--keep-intermediate") { Description = "Keep what a job's stages leave for each other (latents, frames), not only its results" };
    private readonly Option<bool> _privateWebhooks = new("--allow-private-webhooks") { Description = "Send webhooks to http and into the private network too; for development" };

    /// <summary>Every option, in the order that help shows.</summary>
    public IEnumerable<Option> All => [_data, .. _engine.All, _models, _device, _precision, _uploads, _edits, _noUploads, _uploadWait, _requireText, _timeBudget, _keepIntermediate, _privateWebhooks];

    /// <summary>The data folder.</summary>
    public DataFolder Data(ParseResult parsed) => new(parsed.GetValue(_data)!);

    /// <summary>The hub that is shared with other processes, if one is asked for; else null.</summary>
    /// <exception cref="UsageException">A value is not accepted.</exception>
    public SharedHub? Hub(ParseResult parsed, bool takesLightWork) => _engine.Read(parsed, takesLightWork);

    /// <summary>Adds everything that does jobs to a host: store, pipeline, stages, engine, upkeep, webhooks and uploads.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="hub">The shared hub, or null for the embedded engine.</param>
    /// <param name="home">What its servers share; null for the embedded engine.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Lines that say what it works on.</returns>
    /// <exception cref="UsageException">A value is not accepted.</exception>
    public async Task<IReadOnlyList<string>> AddWorkAsync(
        IServiceCollection services, ParseResult parsed, SharedHub? hub, SharedHome? home, CancellationToken cancellationToken)
    {
        var data = Data(parsed);
        var storage = parsed.GetValue(_engine.Storage);
        var named = parsed.GetValue(_models) is { Length: > 0 } given ? given : [ModelFolders.DefaultName, .. ModelLocator.Followers()];
        var webhooks = new WebhookOptions { AllowPrivate = parsed.GetValue(_privateWebhooks) };
        var watched = ReadUploads(parsed, data, storage);
        var options = LocalHostOptions.On(data) with
        {
            Storage = storage,
            Hub = hub,
            Jobs = new JobServiceOptions { AllowPrivateWebhooks = webhooks.AllowPrivate, KeepIntermediate = parsed.GetValue(_keepIntermediate) },
            Stages = parsed.GetValue(_timeBudget) is { } seconds ? new StageOptions { TimeBudget = TimeSpan.FromSeconds(seconds) } : new StageOptions(),
        };
        var generation = ReadGeneration(named, parsed);

        // Before the store, whose lock is held from its opening on.
        var places = watched.Select(upload => new UploadPlace(upload.Where, upload.Outputs, ReadUploadOptions(parsed, upload)));
        var routes = await UploadRoutes.OpenAsync(places, storage, cancellationToken);
        services.AddLogging(ConfigureLogging);
        await services.AddEmuAsync(options, stages => stages.AddEmuGeneration(generation), cancellationToken);
        services.AddJobUpkeep();
        if (home is null)
        {
            services.AddEmuWebhooks(webhooks, data.Private);
        }
        else
        {
            services.AddEmuWebhooks(webhooks, _ => home.Store);
        }

        services.AddEmuUploads(routes);

        var lines = new List<string>
        {
            $"{Describe(data, storage, hub)}; models: {string.Join(", ", generation.Models.Select(model => model.Key))}",
        };
        lines.AddRange(watched.Select(upload => $"watching {upload.Where} for pictures{(upload.Kind == JobKind.Edit ? " to edit" : string.Empty)} of '{upload.Owner}'; results land in {upload.Outputs}"));
        if (webhooks.AllowPrivate)
        {
            lines.Add("webhooks go to http and into the private network too");
        }

        return lines;
    }

    private static string Describe(DataFolder data, string? storage, SharedHub? hub) => hub switch
    {
        { Engine.Activities: { } taken } => $"task hub {hub.TaskHub}, stages: {(taken.Names.Count == 0 ? "none" : string.Join(", ", taken.Names))}",
        { } => $"task hub {hub.TaskHub}, all stages",
        null => $"data in {data.Path}{(storage is null ? string.Empty : ", artifacts in blob storage")}",
    };

    private Emu.Generation.GenerationOptions ReadGeneration(IEnumerable<string> models, ParseResult parsed)
    {
        try
        {
            return new()
            {
                Models = Emu.Generation.GenerationOptions.Name(models.Select(ModelLocator.Find).Distinct()),
                Device = parsed.GetValue(_device)!,
                Precision = parsed.GetValue(_precision),
                MaskFolders = ModelLocator.Folders,
            };
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"--model: {exception.Message.Split(" (Parameter")[0]}");
        }
    }

    private IReadOnlyList<UploadSetting> ReadUploads(ParseResult parsed, DataFolder data, string? storage) =>
        parsed.GetValue(_noUploads) ? []
        : [.. ReadUploads(parsed.GetValue(_uploads), storage is null ? data.Uploads : null, JobKind.Video), .. ReadUploads(parsed.GetValue(_edits), storage is null ? data.Edits : null, JobKind.Edit)];

    private static IEnumerable<UploadSetting> ReadUploads(string[]? given, string? folder, JobKind kind) =>
        given is { Length: > 0 } places ? places.Select(place => UploadSetting.Parse(place, kind)) : [UploadSetting.Parse(folder ?? UploadPlaceNames.Of(kind), kind)];

    private UploadOptions ReadUploadOptions(ParseResult parsed, UploadSetting upload) => new()
    {
        Owner = upload.Owner,
        Kind = upload.Kind,
        TextWait = TimeSpan.FromSeconds(parsed.GetValue(_uploadWait) ?? 10),
        RequireText = parsed.GetValue(_requireText),
    };

    /// <summary>Warnings and errors, a line each, on standard error.</summary>
    public static void ConfigureLogging(ILoggingBuilder logging) =>
        logging.SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Error)

            // What keeps the server from starting is told as the command's own error.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level is LogLevel.Warning or LogLevel.Error)

            // It warns of what is ordinary with queues: messages that come too early or twice.
            .AddFilter("DurableTask", LogLevel.Error)
            .AddFilter("Emu.Pipeline.Uploads", LogLevel.Information)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
            })
            .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
}
