using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Emu.Bench.Chaos;

/// <summary>Receives webhooks and counts them.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, bool> _ids = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _jobs = new(StringComparer.Ordinal);
    private readonly WebApplication _app;
    private int _received;

    private WebhookReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/", ReceiveAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>How many jobs were told of.</summary>
    public int Jobs => _jobs.Count;

    /// <summary>How many different deliveries came.</summary>
    public int Ids => _ids.Count;

    /// <summary>How many requests came, repetitions included.</summary>
    public int Received => _received;

    /// <summary>Starts it.</summary>
    public static async Task<WebhookReceiver> StartAsync(CancellationToken cancellationToken)
    {
        var receiver = new WebhookReceiver();
        await receiver._app.StartAsync(cancellationToken);
        return receiver;
    }

    /// <summary>Waits until that many jobs were told of, or the time is over.</summary>
    public async Task WaitForAsync(int jobs, TimeSpan limit, CancellationToken cancellationToken)
    {
        var deadline = DateTimeOffset.UtcNow + limit;
        while (Jobs < jobs && DateTimeOffset.UtcNow < deadline)
        {
            await Task.Delay(200, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(request.Body);
        _ids[request.Headers["webhook-id"].ToString()] = true;
        _jobs[body.GetProperty("data").GetProperty("id").GetString()!] = true;
        Interlocked.Increment(ref _received);
        return Results.NoContent();
    }
}
