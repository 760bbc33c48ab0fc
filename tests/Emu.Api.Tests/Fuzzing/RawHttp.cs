using System.Net.Sockets;
using System.Text;

namespace Emu.Api.Tests.Fuzzing;

/// <summary>Sends bytes as they are, which no well-behaved client would, and reads the answer.</summary>
public static class RawHttp
{
    /// <summary>Sends a request and reads the answer's status and whole text; status 0 if the server hung up without one.</summary>
    public static Task<(int Status, string Text)> SendAsync(Uri address, GarbageRequest request)
    {
        var head = new StringBuilder($"{request.Method} {request.Target} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n");
        foreach (var (name, value) in request.Headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        head.Append("Content-Length: ").Append(request.Body.Length).Append("\r\n\r\n");
        return SendAsync(address, [.. Encoding.UTF8.GetBytes(head.ToString()), .. request.Body], hangUp: false);
    }

    /// <summary>Sends bytes and reads until the server hangs up.</summary>
    /// <param name="address">The server.</param>
    /// <param name="bytes">What is sent.</param>
    /// <param name="hangUp">Whether to say that no more come: to a server, the client has gone.</param>
    public static async Task<(int Status, string Text)> SendAsync(Uri address, byte[] bytes, bool hangUp)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, timeout.Token);
        var stream = client.GetStream();
        using var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(bytes, timeout.Token);
            if (hangUp)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }

            await stream.CopyToAsync(answer, timeout.Token);
        }
        catch (IOException)
        {
            // The server may hang up on what it cannot read; what it said before still counts.
        }

        var text = Encoding.UTF8.GetString(answer.ToArray());
        return (text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0, text);
    }
}
