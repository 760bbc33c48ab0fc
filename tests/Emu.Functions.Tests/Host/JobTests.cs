using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Emu.Conformance.Azurite;
using Emu.Functions.Durable;
using Emu.Functions.Hosting;
using Emu.Functions.Http;
using Emu.Functions.Settings;
using Emu.Functions.Triggers;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Pipeline.Upkeep;
using Emu.Pipeline.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Emu.Functions.Tests.Host;

/// <summary>The whole app with its model, over Azurite; in place of the real host, <see cref="StandInHost"/> and a router of the test's own.</summary>
[Collection("storage")]
public sealed class JobTests(AzuriteServer azurite) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private WebApplication? _app;
    private StandInHost? _host;
    private HttpClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var storage = azurite.Connection;
        foreach (var container in new[] { "emu", "emu-private", "uploads", "edits", "outputs" })
        {
            await new BlobContainerClient(storage, container).DeleteIfExistsAsync(cancellationToken: Token);
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var options = new FunctionsOptions { Storage = storage, SecretsKey = Convert.ToBase64String(new byte[32]), IsDevelopment = true };
        await builder.Services.AddEmuFunctionsAsync(options, Token);
        _app = builder.Build();
        _host = await StandInHost.StartAsync(_app.Services);
        _app.Services.GetRequiredService<FunctionsClient>().Use(_host.Client);
        var api = _app.Services.GetRequiredService<ApiFunctions>();
        var durable = _host.Client;
        _app.Map("/{**path}", async (HttpContext context) => await (await api.AnswerAsync(context.Request, durable)).ExecuteAsync(context));
        await _app.StartAsync(Token);
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()), Timeout = Patience };
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            _client.Dispose();
            await _app.StopAsync(CancellationToken.None);
            await _host!.DisposeAsync();
            await _app.DisposeAsync();
        }
    }

    [Fact]
    public async Task Image_AskedForByHttp_IsMadeByFunctions()
    {
        using var response = await _client.PostAsJsonAsync("/v1/images/generations", new { prompt = "a duck", seed = 7 }, Token);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(Token);

        Assert.True(response.StatusCode == HttpStatusCode.OK, body.GetRawText());
        var picture = body.GetProperty("data")[0].GetProperty("b64_json").GetBytesFromBase64();
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture[..4]);

        // Nothing is left for the sweep.
        var report = await _app!.Services.GetRequiredService<JobSweep>().RunOnceAsync(Token);
        Assert.Equal(0, report.InFlight);
    }

    [Fact]
    public async Task Picture_Uploaded_BecomesAVideoInTheOutputs()
    {
        using var drawn = await _client.PostAsJsonAsync("/v1/images/generations", new { prompt = "a ghost", seed = 1 }, Token);
        var picture = (await drawn.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("data")[0].GetProperty("b64_json").GetBytesFromBase64();
        await UploadAsync("uploads", "ghost.png", picture, prompt: "a%20ghost");

        var triggers = _app!.Services.GetRequiredService<UploadTriggers>();
        var started = await triggers.HandleAsync("uploads", "ghost.png", Token);
        var again = await triggers.HandleAsync("uploads", "ghost.png", Token);

        Assert.Equal((UploadOutcomeKind.Started, UploadOutcomeKind.AlreadyStarted), (started.Kind, again.Kind));
        Assert.Equal(started.JobId, again.JobId);
        var report = await ReadAsync("ghost.png.json");
        Assert.Equal("completed", report.GetProperty("status").GetString());
        var file = report.GetProperty("files").EnumerateArray().Single(name => name.GetString()!.EndsWith(".mp4", StringComparison.Ordinal)).GetString();
        Assert.True(await Outputs.GetBlobClient(file).ExistsAsync(Token));
        Assert.Equal(0, await triggers.SweepAsync(Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Picture_UploadedToEdits_IsEditedAsItsTextSays(bool inMetadata)
    {
        const string Instruction = "make it black and white";
        var picture = await DrawAsync(width: 96, height: 64);
        await UploadAsync("edits", "room.png", picture, inMetadata ? Uri.EscapeDataString(Instruction) : null);
        if (!inMetadata)
        {
            await UploadAsync("edits", "room.txt", Encoding.UTF8.GetBytes(Instruction), prompt: null);
        }

        var triggers = _app!.Services.GetRequiredService<UploadTriggers>();
        var started = await triggers.HandleAsync("edits", "room.png", Token);

        Assert.Equal(UploadOutcomeKind.Started, started.Kind);
        var report = await ReadAsync("room.png.edited.json");
        Assert.Equal(("completed", Instruction), (report.GetProperty("status").GetString(), report.GetProperty("prompt").GetString()));
        Assert.Equal(["room.png.edited.png"], report.GetProperty("files").EnumerateArray().Select(name => name.GetString()!));
        var before = await new PictureReader().ReadAsync(picture, Token);
        var after = await new PictureReader().ReadAsync((await Outputs.GetBlobClient("room.png.edited.png").DownloadContentAsync(Token)).Value.Content.ToArray(), Token);
        Assert.Equal((96, 64, false, true), (after.Width, after.Height, IsGrey(before), IsGrey(after)));
        Assert.Equal(0, await triggers.SweepAsync(Token));
    }

    [Fact]
    public async Task Picture_UploadedToEditsWithAnInstructionThatIsNotUnderstood_IsRefusedWithAReport()
    {
        await UploadAsync("edits", "room.png", await DrawAsync(width: 32, height: 32), prompt: "colourless%20green%20ideas");

        var outcome = await _app!.Services.GetRequiredService<UploadTriggers>().HandleAsync("edits", "room.png", Token);

        Assert.Equal((UploadOutcomeKind.Refused, "instruction_not_understood"), (outcome.Kind, outcome.Code));
        Assert.True(await new BlobContainerClient(azurite.Connection, "edits").GetBlobClient("room.png.error.json").ExistsAsync(Token));
    }

    [Fact]
    public async Task Upload_IntoAContainerThatIsNotWatched_IsAnError()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => _app!.Services.GetRequiredService<UploadTriggers>().HandleAsync("outputs", "room.png", Token));

        Assert.Contains("uploads, edits", exception.Message, StringComparison.Ordinal);
    }

    private BlobContainerClient Outputs => new(azurite.Connection, "outputs");

    private static async Task<byte[]> DrawAsync(int width, int height)
    {
        var picture = Picture.Create(width, height, width, static (samples, width) =>
        {
            for (var i = 0; i < samples.Length; i += Picture.Channels)
            {
                var (y, x) = Math.DivRem(i / Picture.Channels, width);
                (samples[i], samples[i + 1], samples[i + 2], samples[i + 3]) = ((byte)(x * 2), (byte)(y * 3), 200, 255);
            }
        });
        using var png = new MemoryStream();
        await new PictureWriter().WriteAsync(picture, png, cancellationToken: Token);
        return png.ToArray();
    }

    private static bool IsGrey(Picture picture) =>
        Enumerable.Range(0, picture.Width * picture.Height).Select(i => picture[i % picture.Width, i / picture.Width]).All(color => color.Red == color.Green && color.Green == color.Blue);

    private async Task UploadAsync(string container, string name, byte[] content, string? prompt)
    {
        var options = new BlobUploadOptions { Metadata = prompt is null ? null : new Dictionary<string, string> { [BlobUploadContainer.PromptKey] = prompt } };
        await new BlobContainerClient(azurite.Connection, container).GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), options, Token);
    }

    private async Task<JsonElement> ReadAsync(string name)
    {
        var blob = Outputs.GetBlobClient(name);
        var deadline = DateTimeOffset.UtcNow + Patience;
        while (!await blob.ExistsAsync(Token))
        {
            Assert.True(DateTimeOffset.UtcNow < deadline, $"'{name}' did not appear in the outputs.");
            await Task.Delay(200, Token);
        }

        return (await blob.DownloadContentAsync(Token)).Value.Content.ToObjectFromJson<JsonElement>();
    }
}
