using System.Net;
using Emu.Api.Authentication;
using Emu.Api.Hosting;
using Emu.Api.Limits;
using Emu.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Emu.Local.Hosting;

/// <summary>How the server listens.</summary>
public sealed record ServerOptions
{
    /// <summary>The address that only this machine can reach.</summary>
    public const string DefaultUrl = "http://localhost:8080";

    private readonly IReadOnlyList<string> _urls = [DefaultUrl];

    /// <summary>Where to listen.</summary>
    /// <exception cref="ArgumentException">One is not an address, or there is none.</exception>
    public IReadOnlyList<string> Urls
    {
        get => _urls;
        init
        {
            foreach (var url in value)
            {
                if (!TryHost(url, out _))
                {
                    throw new ArgumentException($"'{url}' is no address to listen at: accepted is http://HOST:PORT, for example {DefaultUrl} or http://0.0.0.0:8080.");
                }
            }

            _urls = value.Count > 0 ? value : throw new ArgumentException("There is no address to listen at.");
        }
    }

    /// <summary>How much may be asked for.</summary>
    public ApiLimits Limits { get; init; } = new();

    /// <summary>How clients reach the server from outside.</summary>
    public PublicAccess Access { get; init; } = new();

    /// <summary>The addresses that other machines can reach, a proxy's included.</summary>
    public IEnumerable<string> PublicUrls =>
    [
        .. Urls.Where(url => TryHost(url, out var host) && !LocalRequests.IsLoopbackName(host)),
        .. new[] { Access.PublicUrl }.OfType<Uri>().Where(url => !LocalRequests.IsLoopbackName(url.Host)).Select(url => url.OriginalString),
    ];

    private static bool TryHost(string url, out string host)
    {
        // Kestrel's wildcards are no host names to Uri.
        var known = Uri.TryCreate(url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri)
            && uri.Scheme == Uri.UriSchemeHttp && uri.PathAndQuery == "/";
        host = known ? uri!.Host : IPAddress.Any.ToString();
        return known;
    }
}

/// <summary>The HTTP API on Kestrel, in the same host as the jobs' work.</summary>
public static class LocalServer
{
    /// <summary>A builder with Kestrel and the API, with the keys and secrets of a data folder; the caller adds the pipeline.</summary>
    /// <param name="data">The data folder with keys and secrets.</param>
    /// <param name="options">How to listen.</param>
    public static WebApplicationBuilder CreateBuilder(DataFolder data, ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        var builder = CreateBuilder(options);
        builder.Services.AddApiSecrets(data.Path);
        return builder;
    }

    /// <summary>A builder with Kestrel and the API; the caller adds the API's secrets and the pipeline.</summary>
    /// <param name="options">How to listen.</param>
    public static WebApplicationBuilder CreateBuilder(ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Limits.MaximumBodyBytes;
        });
        builder.Services.AddEmuApi(options.Limits, options.Access);
        builder.Services.AddHealthChecks().AddEngineCheck();
        return builder;
    }
}
