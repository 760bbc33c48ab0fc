using System.Net;
using System.Net.Sockets;

namespace Emu.Pipeline.Webhooks;

/// <summary>Checks the URLs that webhooks are sent to.</summary>
public static class WebhookUrl
{
    /// <summary>The longest URL that is accepted, in characters.</summary>
    public const int MaximumLength = 2048;

    /// <summary>Checks an address as it is registered. Names are resolved and checked when a delivery connects, not here.</summary>
    /// <param name="text">The address.</param>
    /// <param name="allowPrivate">Whether http and addresses inside the private network are accepted.</param>
    /// <param name="problem">What is wrong with it and what is accepted, if the result is null.</param>
    /// <returns>The address, or null.</returns>
    public static Uri? TryParse(string? text, bool allowPrivate, out string? problem)
    {
        problem = null;
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaximumLength || !Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            problem = $"A webhook address is an absolute https address of at most {MaximumLength} characters.";
            return null;
        }

        if (url.Scheme != Uri.UriSchemeHttps && !(allowPrivate && url.Scheme == Uri.UriSchemeHttp))
        {
            problem = allowPrivate ? $"A webhook address begins with https:// or http://, not {url.Scheme}:." : $"A webhook address begins with https://, not {url.Scheme}:.";
        }
        else if (url.UserInfo.Length > 0)
        {
            problem = "A webhook address holds no user name or password; deliveries are signed instead.";
        }
        else if (url.Fragment.Length > 0)
        {
            problem = "A webhook address has no fragment ('#…').";
        }
        else if (!allowPrivate && IPAddress.TryParse(url.IdnHost, out var address) && !PublicAddress.IsPublicUnicast(address))
        {
            problem = $"{address} is not a public address; the server refuses addresses inside the private network (--allow-private-webhooks lets them through).";
        }

        return problem is null ? url : null;
    }
}

/// <summary>Tells public unicast addresses from all others, after the IANA special-purpose address registries.</summary>
public static class PublicAddress
{
    private static readonly IPNetwork[] SpecialV4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/3"),
        // Azure's wire server answers on a public address: identity and configuration of the machine.
        IPNetwork.Parse("168.63.129.16/32"),
    ];

    private static readonly IPNetwork GlobalUnicastV6 = IPNetwork.Parse("2000::/3");

    // Inside 2000::/3, but tunnels to IPv4 (Teredo, 6to4), identifiers or documentation.
    private static readonly IPNetwork[] SpecialV6 =
    [
        IPNetwork.Parse("2001::/23"),
        IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("2002::/16"),
        IPNetwork.Parse("3fff::/20"),
    ];

    /// <summary>
    /// Whether an address is public unicast: no loopback, private, link-local, metadata, multicast or reserved one, and no
    /// IPv6 form that carries an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo).
    /// </summary>
    public static bool IsPublicUnicast(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !SpecialV4.Any(network => network.Contains(address)),
            // IPNetwork compares a mapped address as the IPv4 address it carries, so that one is refused first.
            AddressFamily.InterNetworkV6 => !address.IsIPv4MappedToIPv6 && GlobalUnicastV6.Contains(address) && !SpecialV6.Any(network => network.Contains(address)),
            _ => false,
        };
    }
}
