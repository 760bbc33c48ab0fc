using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Emu.Pipeline.Tests.Webhooks;

/// <summary>A real HTTP server on a loopback port that records its requests and responds as a callback says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _server;

    private Receiver(Action<HttpContext> answer, int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        _server = builder.Build();
        _server.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var headers = new NameValueCollection();
            foreach (var (name, value) in context.Request.Headers)
            {
                headers.Add(name, value);
            }

            Requests.Enqueue(new ReceivedRequest(await reader.ReadToEndAsync(context.RequestAborted), headers));
            await Task.Run(() => answer(context), context.RequestAborted);
        });
    }

    public Uri Url => new(new Uri(_server.Urls.Single()), "/hook");

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = new();

    /// <summary>Starts a server on a port, or on any that is free.</summary>
    public static async Task<Receiver> StartAsync(Action<HttpContext> answer, int port = 0)
    {
        var receiver = new Receiver(answer, port);
        await receiver._server.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    internal sealed record ReceivedRequest(string Body, NameValueCollection Headers);
}
