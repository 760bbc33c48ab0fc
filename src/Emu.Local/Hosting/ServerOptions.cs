using System.Net;
using Emu.Api.Authentication;
using Emu.Api.Limits;

namespace Emu.Local.Hosting;

/// <summary>How the web server listens.</summary>
public sealed record ServerOptions
{
    /// <summary>Where it listens unless told otherwise.</summary>
    public const string DefaultUrl = "http://localhost:8080";

    private readonly IReadOnlyList<string> _urls = [DefaultUrl];

    /// <summary>The addresses: scheme, host and port, nothing else.</summary>
    /// <exception cref="ArgumentException">One is none, or there is none.</exception>
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

    /// <summary>How much one caller may ask for.</summary>
    public ApiLimits Limits { get; init; } = new();

    /// <summary>The addresses that other machines reach.</summary>
    public IEnumerable<string> PublicUrls => Urls.Where(url => TryHost(url, out var host) && !LocalRequests.IsLoopbackName(host));

    private static bool TryHost(string url, out string host)
    {
        // Kestrel's wildcards are no host names to Uri.
        var known = Uri.TryCreate(url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri)
            && uri.Scheme == Uri.UriSchemeHttp && uri.PathAndQuery == "/";
        host = known ? uri!.Host : IPAddress.Any.ToString();
        return known;
    }
}
