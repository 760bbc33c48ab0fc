using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Emu.Api.Authentication;
using Emu.Api.Hosting;
using Emu.Api.Limits;
using Emu.Diffusion.Sessions;
using Emu.Durable.Abstractions;
using Emu.Editing.Masks;
using Emu.Generation;
using Emu.Generation.Images;
using Emu.Local.Hosting;
using Emu.Local.Models;
using Emu.Pipeline;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Uploads;
using Emu.Pipeline.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Emu.Api.Tests.Server;

/// <summary>
/// A whole server on one machine: Kestrel at a loopback port, folder store, SQLite engine, the real orchestrations, and
/// <see cref="SketchStage"/>s in place of a model. It can be stopped and started again on the same data and port.
/// </summary>
public sealed class PipelineServer : IAsyncLifetime
{
    private readonly DataFolder _data = new(Directory.CreateTempSubdirectory("emu-api-").FullName);
    private WebApplication? _app;
    private string _url = "http://127.0.0.1:0";

    /// <summary>Whether the included sticker model works here, instead of the sketches.</summary>
    public bool RunsStickerModel { get; init; }

    public ApiLimits Limits { get; init; } = new() { RequestsPerSecond = 0 };

    public PublicAccess Access { get; init; } = new();

    /// <summary>Bytes that must be free for a new job.</summary>
    public long DiskReserve { get; set; }

    /// <summary>What the server logs.</summary>
    public LogLines Logs { get; } = new();

    /// <summary>The requests that the server is working on.</summary>
    public RequestCounter Requests { get; } = new();

    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromMinutes(5) };

    public Uri Address => new(_url);

    public IServiceProvider Services => _app?.Services ?? throw new InvalidOperationException("The server is stopped.");

    /// <summary>Finds the subjects of edits where the sketches work.</summary>
    public CornerFinder Finder { get; } = new();

    public string UploadsFolder => _data.Uploads;

    public string EditsFolder => _data.Edits;

    public string OutputsFolder => Path.Combine(_data.Path, "outputs");

    public IArtifactStore Store => Services.GetRequiredService<IArtifactStore>();

    public JobService Jobs => Services.GetRequiredService<JobService>();

    public ApiKeyFile Keys => new(_data.Keys, TimeProvider.System);

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        Client.BaseAddress = Address;
    }

    public async Task StartAsync()
    {
        var builder = LocalServer.CreateBuilder(_data, new ServerOptions { Urls = [_url], Limits = Limits, Access = Access });
        builder.Logging.ClearProviders().AddProvider(Logs);
        builder.Services.AddSingleton<IStartupFilter>(Requests);
        builder.Services.AddSingleton<IImageValidator, ImageUploadValidator>();
        var options = LocalHostOptions.On(_data) with
        {
            Jobs = new JobServiceOptions { AllowPrivateWebhooks = true, DiskReserve = DiskReserve },
            Stages = new StageOptions { TimeBudget = TimeSpan.FromSeconds(1), ProgressInterval = TimeSpan.FromMilliseconds(50) },
        };
        await builder.Services.AddEmuAsync(options, RunsStickerModel ? AddStickerModel : AddSketches, CancellationToken.None);
        builder.Services.AddJobUpkeep();
        builder.Services.AddEmuWebhooks(new WebhookOptions { AllowPrivate = true, Timeout = TimeSpan.FromSeconds(5) }, _data.Private);
        var place = new UploadPlace(UploadsFolder, OutputsFolder, new UploadOptions { Owner = Owner.Local, TextWait = TimeSpan.FromSeconds(4) });
        var edits = new UploadPlace(EditsFolder, OutputsFolder, place.Options with { Kind = JobKind.Edit });
        builder.Services.AddEmuUploads(await UploadRoutes.OpenAsync([place, edits], null, CancellationToken.None));
        _app = builder.Build();
        _app.MapEmuApi();
        if (!RunsStickerModel)
        {
            await Jobs.Models.PublishAsync(SketchStage.Capabilities, CancellationToken.None);
        }

        await _app.StartAsync();
        _url = _app.Urls.First();
    }

    public async Task StopAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
            _app = null;
        }
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
    public Task IdleAsync() => Eventually.TrueAsync(async () => await Jobs.CountInFlightAsync(Owner.Local, 1, CancellationToken.None) == 0, "no job is in flight");

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
            await foreach (var _ in Store.ListAsync(prefix, null, CancellationToken.None))
            {
                count++;
            }
        }

        return count;
    }

    private static void AddStickerModel(IServiceCollection services) =>
        services.AddEmuGeneration(new GenerationOptions { Models = GenerationOptions.Name([ModelLocator.Find(null)]), Device = DeviceChoice.Cpu });

    private void AddSketches(IServiceCollection services)
    {
        foreach (var name in new[] { StageNames.Keyframe, StageNames.Animate, StageNames.Interpolate, StageNames.Upsample })
        {
            services.AddStage(_ => new SketchStage(name), ActivityGroups.Model);
        }

        services.AddSingleton<ISubjectFinder>(Finder).AddEncoding().AddEditing();
    }
}
