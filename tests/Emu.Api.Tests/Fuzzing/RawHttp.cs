using System.Net.Sockets;
using System.Text;

namespace Emu.Api.Tests.Fuzzing;

/// <summary>Sends bytes that no well-behaved client would send, and reads the response.</summary>
public static class RawHttp
{
    /// <summary>Sends a request and reads the response's status and whole text; status 0 if the server closed the connection without one.</summary>
    public static Task<(int Status, string Text)> SendAsync(Uri address, GeneratedRequest request)
    {
        var head = new StringBuilder($"{request.Method} {request.Target} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n");
        foreach (var (name, value) in request.Headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        head.Append("Content-Length: ").Append(request.Body.Length).Append("\r\n\r\n");
        return SendAsync(address, [.. Encoding.UTF8.GetBytes(head.ToString()), .. request.Body], closeSending: false);
    }

    /// <summary>Sends bytes and reads until the server closes the connection.</summary>
    /// <param name="address">The server.</param>
    /// <param name="bytes">The bytes to send.</param>
    /// <param name="closeSending">Whether to close the sending side afterwards, as a client that is gone.</param>
    public static async Task<(int Status, string Text)> SendAsync(Uri address, byte[] bytes, bool closeSending)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, timeout.Token);
        var stream = client.GetStream();
        using var received = new MemoryStream();
        try
        {
            await stream.WriteAsync(bytes, timeout.Token);
            if (closeSending)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }

            await stream.CopyToAsync(received, timeout.Token);
        }
        catch (IOException)
        {
            // The server may close the connection on input that it cannot read; what it sent before still counts.
        }

        var text = Encoding.UTF8.GetString(received.ToArray());
        return (text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0, text);
    }
}
