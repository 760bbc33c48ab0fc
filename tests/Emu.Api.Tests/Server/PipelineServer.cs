using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Emu.Api.Authentication;
using Emu.Api.Limits;
using Emu.Generation.Stages;
using Emu.Local.Hosting;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Api.Tests.Server;

/// <summary>
/// A whole server on one machine: Kestrel at a loopback port, folder store, SQLite engine, the real orchestrations, and
/// <see cref="SketchStage"/>s in place of a model. It can be stopped and started again on the same data and port.
/// </summary>
public sealed class PipelineServer : IAsyncLifetime
{
    private readonly DataFolder _data = new(Directory.CreateTempSubdirectory("emu-api-").FullName);
    private CancellationTokenSource _stopping = new();
    private HostedWebhooks? _webhooks;
    private Task _uploading = Task.CompletedTask;
    private JobHost? _host;
    private EmuServer? _server;
    private string _url = "http://127.0.0.1:0";

    public ApiLimits Limits { get; init; } = new() { RequestsPerSecond = 0 };

    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromMinutes(5) };

    public Uri Address => new(_url);

    public IServiceProvider Services => _server?.Services ?? throw new InvalidOperationException("The server is stopped.");

    public string UploadsFolder => _data.Uploads;

    public string OutputsFolder => Path.Combine(_data.Path, "outputs");

    public JobHost Host => _host ?? throw new InvalidOperationException("The server is stopped.");

    public ApiKeyFile Keys => new(_data.Keys, TimeProvider.System);

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        Client.BaseAddress = Address;
    }

    public async Task StartAsync()
    {
        string[] sketched = [StageNames.Keyframe, StageNames.Animate, StageNames.Interpolate, StageNames.Upsample];
        HostedStage[] stages = [.. sketched.Select(name => new HostedStage(new SketchStage(name), JobHost.ModelGroup)), new(new EncodeStage(), JobHost.MediaGroup)];
        var receivers = HostedWebhooks.Open(_data, new WebhookOptions { AllowPrivate = true, Timeout = TimeSpan.FromSeconds(5) });
        var places = new UploadSettings { Places = [new UploadSetting(_data.Uploads, Owner.Local)], TextWait = TimeSpan.FromSeconds(4) };
        var uploads = await HostedUploads.OpenAsync(places, null, CancellationToken.None);
        var options = JobHostOptions.On(_data) with
        {
            Jobs = new JobServiceOptions { AllowPrivateWebhooks = true },
            Stages = new StageOptions { TimeBudget = TimeSpan.FromSeconds(1), ProgressInterval = TimeSpan.FromMilliseconds(50) },
        };
        _webhooks = receivers;
        _host = await JobHost.OpenAsync(options, stages, NullLoggerFactory.Instance, jobs => [receivers.Attach(jobs.Engine), uploads.Attach(jobs)], CancellationToken.None);
        await _host.StartAsync([SketchStage.Capabilities], CancellationToken.None);
        _stopping = new CancellationTokenSource();
        _uploading = uploads.RunAsync(_host, NullLoggerFactory.Instance, _stopping.Token);
        _server = await EmuServer.StartAsync(_host, _data, new ServerOptions { Urls = [_url], Limits = Limits }, _ => { }, receivers.AddTo, CancellationToken.None);
        _url = _server.Urls[0];
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _uploading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _webhooks?.Dispose();
        (_server, _host, _webhooks) = (null, null, null);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
        Directory.Delete(_data.Path, recursive: true);
    }

    public HttpClient ClientOf(string key)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public async Task<JsonElement> CreateAsync(object body) =>
        await (await Client.PostAsJsonAsync("/v1/videos", body)).JsonAsync(HttpStatusCode.Accepted);

    public async Task<JsonElement> RetrieveAsync(string id) => await (await Client.GetAsync($"/v1/videos/{id}")).JsonAsync();

    public async Task<JsonElement> EndedAsync(string id)
    {
        JsonElement video = default;
        await Eventually.TrueAsync(async () => (video = await RetrieveAsync(id)).GetProperty("status").GetString() is "completed" or "failed", $"{id} has ended");
        return video;
    }

    /// <summary>Waits until a job is at work.</summary>
    public Task InProgressAsync(string id) => Eventually.TrueAsync(async () => (await RetrieveAsync(id)).GetProperty("status").GetString() == "in_progress", $"{id} is in progress");

    /// <summary>Waits until the server has read a new key file, and so refuses requests without a key.</summary>
    public Task KeysNeededAsync() => Eventually.TrueAsync(async () => (await Client.GetAsync("/v1/models")).StatusCode == HttpStatusCode.Unauthorized, "keys are needed");

    /// <summary>Waits until no job is queued or at work.</summary>
    public Task IdleAsync() => Eventually.TrueAsync(async () => await Host.Jobs.CountInFlightAsync(Owner.Local, 1, CancellationToken.None) == 0, "no job is in flight");

    public async Task<string> CompletedAsync(object body)
    {
        var id = (await CreateAsync(body)).GetProperty("id").GetString()!;
        var video = await EndedAsync(id);
        Assert.True(video.GetProperty("status").GetString() == "completed", video.GetRawText());
        return id;
    }

    /// <summary>Counts the artifacts of all jobs: a refused request must not change the number.</summary>
    public async Task<int> CountJobArtifactsAsync()
    {
        var count = 0;
        foreach (var prefix in new[] { JobNames.Jobs, JobNames.Indexes, JobNames.InFlight, JobNames.Claims })
        {
            await foreach (var _ in Host.Store.ListAsync(prefix, null, CancellationToken.None))
            {
                count++;
            }
        }

        return count;
    }
}
