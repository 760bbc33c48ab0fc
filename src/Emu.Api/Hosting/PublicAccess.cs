using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;

namespace Emu.Api.Hosting;

/// <summary>How clients reach the server from outside: the address in its links, the proxies before it, and the pages of other sites that may call it.</summary>
public sealed record PublicAccess
{
    private readonly Uri? _publicUrl;
    private readonly IReadOnlyList<string> _trustedProxies = [];
    private readonly IReadOnlyList<string> _corsOrigins = [];

    /// <summary>
    /// The server's address as clients see it, with the path under which a proxy publishes it, if there is one:
    /// <c>https://example.com/emu</c>. Null: the address that each request was sent to.
    /// </summary>
    /// <exception cref="ArgumentException">It is not an http or https address, or has a user name, a query or a fragment.</exception>
    public Uri? PublicUrl
    {
        get => _publicUrl;
        init => _publicUrl = value is null or { IsAbsoluteUri: true, Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" } ? value : throw NoUrl(value.OriginalString);
    }

    /// <summary>
    /// The proxies whose <c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c> and <c>-Prefix</c> are believed: addresses
    /// (<c>10.0.0.7</c>) or networks (<c>10.0.0.0/8</c>). Empty: nobody's are.
    /// </summary>
    /// <exception cref="ArgumentException">One is neither.</exception>
    public IReadOnlyList<string> TrustedProxies
    {
        get => _trustedProxies;
        init => _trustedProxies = value.FirstOrDefault(text => !TryNetwork(text, out _)) is not { } wrong
            ? value
            : throw new ArgumentException($"'{wrong}' is no proxy's address: accepted is an IP address or a network, for example 10.0.0.7 or 10.0.0.0/8.");
    }

    /// <summary>
    /// The sites whose pages may call the API from a browser, for example <c>https://app.example.com</c>; <c>*</c> stands for
    /// every site. They still need a key: while the server has none, no page of another site is answered.
    /// </summary>
    /// <exception cref="ArgumentException">One is not an origin.</exception>
    public IReadOnlyList<string> CorsOrigins { get => _corsOrigins; init => _corsOrigins = [.. value.Select(OriginOf)]; }

    /// <summary>Reads a <see cref="PublicUrl"/>.</summary>
    /// <exception cref="ArgumentException">It is not one.</exception>
    public static Uri ParseUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : throw NoUrl(text);

    /// <summary>The path that <see cref="PublicUrl"/> ends with; empty if it has none.</summary>
    internal PathString PublicPath => PublicUrl is { } url && url.AbsolutePath.TrimEnd('/') is { Length: > 0 } path ? PathString.FromUriComponent(path) : PathString.Empty;

    /// <summary>The settings of ASP.NET Core's middleware for the trusted proxies.</summary>
    internal ForwardedHeadersOptions ToForwardedHeaders()
    {
        // No limit to the number of hops: each one back must be a trusted proxy itself.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var text in TrustedProxies)
        {
            options.KnownIPNetworks.Add(TryNetwork(text, out var network) ? network : throw new InvalidOperationException());
        }

        return options;
    }

    private static ArgumentException NoUrl(string text) =>
        new($"'{text}' is no public address: accepted is http(s)://HOST[:PORT][/PATH], for example https://example.com/emu.");

    private static bool TryNetwork(string text, out System.Net.IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            network = new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return System.Net.IPNetwork.TryParse(text, out network);
    }

    private static string OriginOf(string text) => text == "*" ? text
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Host.Length: > 0, PathAndQuery: "" or "/", Fragment: "", UserInfo: "" } ? uri.GetLeftPart(UriPartial.Authority)
        : throw new ArgumentException($"'{text}' is no origin: accepted is SCHEME://HOST[:PORT] without a path, for example https://app.example.com, or * for every site.");
}

/// <summary>The addresses of the API's own routes, as clients see them.</summary>
/// <param name="access">How clients reach the server.</param>
public sealed class ServerAddress(PublicAccess access)
{
    /// <summary>The server's root for the client of a request, without a slash at the end: <c>https://example.com/emu</c>.</summary>
    public string RootOf(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return access.PublicUrl is { } url ? url.AbsoluteUri.TrimEnd('/') : $"{request.Scheme}://{request.Host}{request.PathBase.ToUriComponent()}";
    }

    /// <summary>A route's path for the client of a request, with the path under which the server is published.</summary>
    /// <param name="request">The request.</param>
    /// <param name="path">The route's path, from the API's root: <c>/v1/videos/…</c>.</param>
    public string PathOf(HttpRequest request, string path)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (access.PublicUrl is null ? request.PathBase : access.PublicPath).ToUriComponent() + path;
    }
}
