using System.Net;
using System.Net.Sockets;

namespace Emu.Pipeline.Webhooks;

/// <summary>
/// Creates the handler that deliveries are sent through: no proxy, no redirects, no cookies, and connections only to addresses
/// that were checked after the name was resolved, so that DNS rebinding gains nothing.
/// </summary>
public static class WebhookHttpHandler
{
    /// <summary>Creates the handler.</summary>
    /// <param name="allowPrivate">Whether addresses that are not public unicast are connected to.</param>
    /// <param name="connectTimeout">How long resolving and connecting may take.</param>
    public static SocketsHttpHandler Create(bool allowPrivate, TimeSpan connectTimeout) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = connectTimeout,
        MaxResponseHeadersLength = 16,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, allowPrivate, cancellationToken),
    };

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, bool allowPrivate, CancellationToken cancellationToken)
    {
        var resolved = IPAddress.TryParse(endPoint.Host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(endPoint.Host, cancellationToken);
        var allowed = allowPrivate ? resolved : [.. resolved.Where(PublicAddress.IsPublicUnicast)];
        if (allowed.Length == 0)
        {
            throw new WebhookAddressRefusedException(endPoint.Host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, endPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A webhook's host has no public address.</summary>
public sealed class WebhookAddressRefusedException(string host)
    : Exception($"'{host}' has no public address; webhooks are not sent into the private network.");
