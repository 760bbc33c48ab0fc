using System.CommandLine;
using Emu.Api.Authentication;
using Emu.Api.Hosting;
using Emu.Api.Limits;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;

namespace Emu.Local.Commands;

/// <summary><c>emu serve</c>: the HTTP API and the work behind it, until it is stopped.</summary>
internal sealed class ServeCommand : Command
{
    private readonly HostingOptions _hosting = new();
    private readonly Option<string> _urls = new("--urls") { HelpName = "URLS", Description = "Where to listen; several are separated by ';'", DefaultValueFactory = _ => ServerOptions.DefaultUrl };
    private readonly Option<int> _jobsInFlight = new("--jobs-in-flight") { HelpName = "N", Description = "Jobs that one owner may have queued or running", DefaultValueFactory = _ => new ApiLimits().JobsInFlight };
    private readonly Option<int> _requests = new("--requests-per-second") { HelpName = "N", Description = "Requests that one owner may send; 0 sets no limit", DefaultValueFactory = _ => new ApiLimits().RequestsPerSecond };

    /// <summary>Creates the command.</summary>
    public ServeCommand()
        : base("serve", "Serves the HTTP API and does the work that comes in")
    {
        foreach (var option in _hosting.All.Prepend(_urls).Append(_jobsInFlight).Append(_requests))
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var data = _hosting.Data(parsed);
        var options = ReadOptions(parsed);
        var keys = new ApiKeyFile(data.Keys, TimeProvider.System).Read();
        if (keys.Count == 0 && options.PublicUrls.FirstOrDefault() is { } open)
        {
            throw new UsageException($"{open} can be reached from other machines, and there are no API keys. Make one first with 'emu keys create', or listen at localhost.");
        }

        using var loggers = LoggerFactory.Create(HostingOptions.ConfigureLogging);
        await using var host = await WorkHost.OpenAsync(_hosting.Read(parsed), loggers, cancellationToken);
        await host.StartAsync(cancellationToken);
        await using var server = await EmuServer.StartAsync(host.Jobs, data, options, HostingOptions.ConfigureLogging, host.Webhooks.AddTo, cancellationToken);
        await GreetAsync(server, host, keys.Count > 0);
        await host.RunAsync(cancellationToken);
        await Console.Error.WriteLineAsync("emu: stopping; unfinished jobs go on at the next start");
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

    private static async Task GreetAsync(EmuServer server, WorkHost host, bool hasKeys)
    {
        var options = host.Options;
        var lines = new List<string>
        {
            $"serving {string.Join(", ", server.Urls)}  (read and try it at {server.Urls[0]}{ApiEndpoints.DocumentationPath})",
            $"data in {options.Data.Path}{(options.Storage is null ? string.Empty : ", artifacts in blob storage")}; models: {string.Join(", ", host.Models.Names)}",
        };
        lines.AddRange(host.Watched);
        if (options.Webhooks.AllowPrivate)
        {
            lines.Add("webhooks go to http and into the private network too");
        }

        if (!hasKeys)
        {
            lines.Add("there are no API keys: only this machine is answered, and any bearer token is accepted. Make one with: emu keys create");
        }

        foreach (var line in lines)
        {
            await Console.Error.WriteLineAsync($"emu: {line}");
        }
    }
}
