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
    private readonly Option<string?> _publicUrl = new("--public-url") { HelpName = "URL", Description = "The address of links in responses, where a proxy publishes the server: https://example.com/emu. Default: the address that a request was sent to" };
    private readonly Option<string[]> _trustedProxies = new("--trusted-proxy") { HelpName = "ADDRESS", Description = "A proxy (IP address, or a network like 10.0.0.0/8) whose X-Forwarded-For, -Proto, -Host and -Prefix are believed", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]> _cors = new("--cors") { HelpName = "ORIGIN", Description = "A site whose pages may call the API from a browser, with a key: https://app.example.com, or * for every site", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int> _jobsInFlight = new("--jobs-in-flight") { HelpName = "N", Description = "Jobs that one owner may have queued or running", DefaultValueFactory = _ => new ApiLimits().JobsInFlight };
    private readonly Option<int> _requests = new("--requests-per-second") { HelpName = "N", Description = "Requests that one owner may send; 0 sets no limit", DefaultValueFactory = _ => new ApiLimits().RequestsPerSecond };

    public ServeCommand()
        : base("serve", "Serves the HTTP API and does the work that comes in")
    {
        foreach (var option in new Option[] { _urls, _publicUrl, _trustedProxies, _cors }.Concat(_hosting.All).Append(_jobsInFlight).Append(_requests))
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = ReadOptions(parsed);
        var hub = _hosting.Hub(parsed, takesLightWork: true);
        var home = hub is null ? null : await SharedHome.OpenAsync(hub, cancellationToken);
        var data = _hosting.Data(parsed);
        var keys = await ReadKeysAsync(data, home, cancellationToken);
        if (keys.Count == 0 && options.PublicUrls.FirstOrDefault() is { } open)
        {
            throw new UsageException($"{open} can be reached from other machines, and there are no API keys. Make one first with 'emu keys create', or listen at localhost.");
        }

        var builder = home is null ? LocalServer.CreateBuilder(data, options) : LocalServer.CreateBuilder(options);
        if (home is not null)
        {
            builder.Services.AddApiSecrets(home.Store, await StoredLinkKey.ReadOrCreateAsync(home.Store, cancellationToken));
        }

        var work = await _hosting.AddWorkAsync(builder.Services, parsed, hub, home, cancellationToken);
        await using var app = builder.Build();
        app.MapEmuApi();
        await app.StartAsync(cancellationToken);
        await GreetAsync(parsed.Errors(), [.. app.Urls], options.Access, work, keys.Count > 0);
        await app.RunUntilStoppedAsync(cancellationToken);
        await parsed.Errors().WriteLineAsync("emu: stopping; unfinished jobs go on at the next start");
        return ExitCode.Success;
    }

    private static async Task<IReadOnlyList<ApiKey>> ReadKeysAsync(DataFolder data, SharedHome? home, CancellationToken cancellationToken)
    {
        if (home is null)
        {
            return new ApiKeyFile(data.Keys, TimeProvider.System).Read();
        }

        using var keys = home.Keys();
        return await keys.ReadAsync(cancellationToken);
    }

    private ServerOptions ReadOptions(ParseResult parsed)
    {
        try
        {
            var requests = parsed.GetValue(_requests);
            return new ServerOptions
            {
                Urls = parsed.GetValue(_urls)!.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                Access = new PublicAccess
                {
                    PublicUrl = parsed.GetValue(_publicUrl) is { } url ? PublicAccess.ParseUrl(url) : null,
                    TrustedProxies = parsed.GetValue(_trustedProxies) ?? [],
                    CorsOrigins = parsed.GetValue(_cors) ?? [],
                },
                Limits = new ApiLimits { JobsInFlight = parsed.GetValue(_jobsInFlight), RequestsPerSecond = requests, RequestBurst = Math.Max(1, requests * 4) },
            };
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    private static async Task GreetAsync(TextWriter errors, IReadOnlyList<string> urls, PublicAccess access, IReadOnlyList<string> work, bool hasKeys)
    {
        var page = access.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? urls[0];
        await errors.WriteLineAsync($"emu: serving {string.Join(", ", urls)}  (open {page} in a browser; the API is described at {page}{ApiEndpoints.DocumentationPath})");
        foreach (var line in work)
        {
            await errors.WriteLineAsync($"emu: {line}");
        }

        if (!hasKeys)
        {
            await errors.WriteLineAsync("emu: there are no API keys: only this machine is answered, and any bearer token is accepted. Make one with: emu keys create");
            if (access.CorsOrigins.Count > 0)
            {
                await errors.WriteLineAsync($"emu: pages of {string.Join(", ", access.CorsOrigins)} are answered only once there is a key");
            }
        }
    }
}
