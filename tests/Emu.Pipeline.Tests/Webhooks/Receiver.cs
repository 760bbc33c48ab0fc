using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Net;
using System.Net.Sockets;

namespace Emu.Pipeline.Tests.Webhooks;

/// <summary>A real HTTP server on a loopback port that records its requests and responds as a callback says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _loop;

    private Receiver(HttpListener listener, Uri url, Action<HttpListenerContext> answer)
    {
        _listener = listener;
        Url = url;
        _loop = Task.Run(() => ServeAsync(answer));
    }

    public Uri Url { get; }

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = new();

    public static Receiver Start(Action<HttpListenerContext> answer, int? port = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            var chosen = port ?? FreePort();
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{chosen}/");
            listener.Prefixes.Add($"http://localhost:{chosen}/");
            try
            {
                listener.Start();
                return new Receiver(listener, new Uri($"http://127.0.0.1:{chosen}/hook"), answer);
            }
            catch (HttpListenerException) when (port is null && attempt < 10)
            {
                // Another process took the port between the two calls.
                listener.Close();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task ServeAsync(Action<HttpListenerContext> answer)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(async () =>
            {
                using var reader = new StreamReader(context.Request.InputStream);
                Requests.Enqueue(new ReceivedRequest(await reader.ReadToEndAsync(), context.Request.Headers));
                answer(context);
                context.Response.Close();
            });
        }
    }

    internal sealed record ReceivedRequest(string Body, NameValueCollection Headers);
}
