using System.CommandLine;
using Emu.Api.Authentication;
using Emu.Api.Hosting;
using Emu.Api.Limits;
using Emu.Diffusion.Sessions;
using Emu.Generation.Models;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;
using Emu.Local.Models;

namespace Emu.Local.Commands;

/// <summary><c>emu serve</c>: the HTTP API and the work behind it, until it is stopped.</summary>
internal sealed class ServeCommand : Command
{
    private readonly Option<string> _urls = new("--urls") { HelpName = "URLS", Description = "Where to listen; several are separated by ';'", DefaultValueFactory = _ => ServerOptions.DefaultUrl };
    private readonly Option<string> _data = DataFolder.CreateOption();
    private readonly Option<string?> _storage = new("--storage") { HelpName = "CONNECTION", Description = "A storage connection string or an account's blob address: artifacts then lie in its container 'emu' instead of the data folder" };
    private readonly Option<string[]> _models = new("--model") { HelpName = "DIR", Description = "A model package's folder, or a name that 'emu models list' shows; the first is the default. Default: sticker", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _device = new("--device") { HelpName = "auto|cpu|cuda[:n]", Description = "Where models run", DefaultValueFactory = _ => "auto" };
    private readonly Option<int> _jobsInFlight = new("--jobs-in-flight") { HelpName = "N", Description = "Jobs that one owner may have queued or running", DefaultValueFactory = _ => new ApiLimits().JobsInFlight };
    private readonly Option<int> _requests = new("--requests-per-second") { HelpName = "N", Description = "Requests that one owner may send; 0 sets no limit", DefaultValueFactory = _ => new ApiLimits().RequestsPerSecond };

    /// <summary>Creates the command.</summary>
    public ServeCommand()
        : base("serve", "Serves the HTTP API and does the work that comes in")
    {
        foreach (var option in new Option[] { _urls, _data, _storage, _models, _device, _jobsInFlight, _requests })
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var data = new DataFolder(parsed.GetValue(_data)!);
        var options = ReadOptions(parsed);
        var keys = new ApiKeyFile(data.Keys, TimeProvider.System).Read();
        if (keys.Count == 0 && options.PublicUrls.FirstOrDefault() is { } open)
        {
            throw new UsageException($"{open} can be reached from other machines, and there are no API keys. Make one first with 'emu keys create', or listen at localhost.");
        }

        using var sessions = new SessionCache(new SessionCacheOptions { Device = ReadDevice(parsed.GetValue(_device)!) });
        var folders = (parsed.GetValue(_models) is { Length: > 0 } named ? named : [ModelLocator.DefaultName]).Select(ModelLocator.Find);
        var library = new ModelLibrary(sessions, [.. folders.Select(folder => KeyValuePair.Create(Path.GetFileName(folder), folder))]);
        using var loggers = LoggerFactory.Create(ConfigureLogging);
        var hostOptions = JobHostOptions.On(data) with { Storage = parsed.GetValue(_storage) };
        await using var host = await JobHost.OpenAsync(hostOptions, GenerationStages.Create(library), loggers, null, cancellationToken).ConfigureAwait(false);
        await host.StartAsync(GenerationStages.Describe(library), cancellationToken).ConfigureAwait(false);
        await using var server = await EmuServer.StartAsync(host, data, options, ConfigureLogging, null, cancellationToken).ConfigureAwait(false);
        await GreetAsync(server, data, hostOptions, library, keys.Count > 0).ConfigureAwait(false);
        await Task.WhenAny(host.Ended, Task.Delay(Timeout.Infinite, cancellationToken)).ConfigureAwait(false);
        if (!cancellationToken.IsCancellationRequested)
        {
            await host.Ended.ConfigureAwait(false);
            throw new CommandFailedException("The engine stopped.");
        }

        await Console.Error.WriteLineAsync("emu: stopping; unfinished jobs go on at the next start").ConfigureAwait(false);
        return ExitCode.Success;
    }

    private ServerOptions ReadOptions(ParseResult parsed)
    {
        try
        {
            var requests = parsed.GetValue(_requests);
            return new ServerOptions
            {
                Urls = parsed.GetValue(_urls)!.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                Limits = new ApiLimits { JobsInFlight = parsed.GetValue(_jobsInFlight), RequestsPerSecond = requests, RequestBurst = Math.Max(1, requests * 4) },
            };
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    private static DeviceChoice ReadDevice(string text) =>
        DeviceChoice.TryParse(text, out var device) ? device : throw new UsageException($"--device was given '{text}'; auto, cpu, cuda and cuda:n (n from 0) are accepted.");

    private static async Task GreetAsync(EmuServer server, DataFolder data, JobHostOptions options, ModelLibrary library, bool hasKeys)
    {
        var lines = new List<string>
        {
            $"serving {string.Join(", ", server.Urls)}  (read and try it at {server.Urls[0]}{ApiEndpoints.DocumentationPath})",
            $"data in {data.Path}{(options.Storage is null ? string.Empty : $", artifacts in the blob container '{options.Container}'")}; models: {string.Join(", ", library.Names)}",
        };
        if (!hasKeys)
        {
            lines.Add("there are no API keys: only this machine is answered, and any bearer token is accepted. Make one with: emu keys create");
        }

        foreach (var line in lines)
        {
            await Console.Error.WriteLineAsync($"emu: {line}").ConfigureAwait(false);
        }
    }

    private static void ConfigureLogging(ILoggingBuilder logging) =>
        logging.SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Error)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
            })
            .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
}
