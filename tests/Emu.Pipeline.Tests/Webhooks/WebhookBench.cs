using System.Text.Json;
using Emu.Durable;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Orchestrations;
using Emu.Pipeline.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Pipeline.Tests.Webhooks;

/// <summary>Webhooks on the real engine with a real store in a folder, and a clock that is moved by hand. Can be stopped and started again.</summary>
internal sealed class WebhookBench : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("emu-webhooks-").FullName;
    private FolderArtifactStore _artifacts = null!;
    private DurableEngine _engine = null!;
    private WebhookSender _sender = null!;

    private WebhookBench()
    {
    }

    public ManualTime Time { get; } = new();

    public WebhookStore Store { get; private set; } = null!;

    public WebhookDispatcher Dispatcher { get; private set; } = null!;

    public static async Task<WebhookBench> StartAsync()
    {
        var bench = new WebhookBench();
        await bench.StartEngineAsync();
        return bench;
    }

    public async Task RestartAsync()
    {
        await StopEngineAsync();
        await StartEngineAsync();
    }

    public async Task<WebhookEndpoint> AddEndpointAsync(Uri url, params string[] events)
    {
        var endpoint = new WebhookEndpoint
        {
            Id = "we_" + Guid.CreateVersion7().ToString("N"),
            Owner = "owner",
            Url = url,
            Events = events.Length == 0 ? WebhookEventTypes.All : events,
            Status = WebhookEndpointStatus.Active,
            CreatedAt = Time.GetUtcNow(),
            Secrets = WebhookSigningSecret.First(Time.GetUtcNow()),
        };
        await Store.CreateEndpointAsync(endpoint, CancellationToken.None);
        return endpoint;
    }

    public Task PublishAsync(string jobId, string type = WebhookEventTypes.VideoCompleted, Uri? url = null) =>
        Dispatcher.PublishAsync(
            new WebhookEvent("owner", jobId, type, DateTimeOffset.FromUnixTimeSeconds(1_790_000_000), JsonSerializer.SerializeToElement(new { id = jobId }), url),
            CancellationToken.None);

    public async Task<List<WebhookDelivery>> DeliveriesAsync(string target)
    {
        var found = new List<WebhookDelivery>();
        await foreach (var delivery in Store.ListDeliveriesAsync("owner", target, null, CancellationToken.None))
        {
            found.Add(delivery);
        }

        return found;
    }

    /// <summary>Waits until the only delivery of a target meets a condition, on the real clock; advances the simulated one meanwhile if a step is given.</summary>
    public async Task<WebhookDelivery> WaitAsync(string target, Func<WebhookDelivery, bool> condition, TimeSpan? advance = null)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var delivery = Assert.Single(await DeliveriesAsync(target));
            if (condition(delivery))
            {
                return delivery;
            }

            if (advance is { } step)
            {
                Time.Advance(step);
            }

            // Any event makes the engine read its clock.
            await _engine.RaiseEventAsync("nobody", "wake", null, timeout.Token);
            await Task.Delay(20, timeout.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopEngineAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartEngineAsync()
    {
        _artifacts = FolderArtifactStore.OpenOwned(Path.Combine(_folder, "private"));
        Store = new WebhookStore(_artifacts, Time);
        _sender = new WebhookSender(new WebhookOptions { AllowPrivate = true, Timeout = TimeSpan.FromSeconds(1) }, Time);
        _engine = new DurableEngine(new DurableEngineOptions { DataFolder = Path.Combine(_folder, "engine"), Time = Time, StopTimeout = TimeSpan.FromSeconds(5) }, NullLogger<DurableEngine>.Instance)
            .AddOrchestration(new WebhookOrchestration())
            .AddActivity(new WebhookAttemptActivity(Store, _sender, Time));
        await _engine.StartAsync(CancellationToken.None);
        Dispatcher = new WebhookDispatcher(Store, _engine);
    }

    private async Task StopEngineAsync()
    {
        await _engine.DisposeAsync();
        _sender.Dispose();
        _artifacts.Dispose();
    }
}
