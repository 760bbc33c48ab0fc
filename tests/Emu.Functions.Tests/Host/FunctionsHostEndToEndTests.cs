using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Pipeline.Uploads;

namespace Emu.Functions.Tests.Host;

/// <summary>Jobs of the app under a real Functions host, over Azurite. Runs where <c>EMU_FUNCTIONS_HOST</c> names a host.</summary>
[Collection("storage")]
public sealed class FunctionsHostEndToEndTests(FunctionsHostProcess host) : IClassFixture<FunctionsHostProcess>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private HttpClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await host.StartedAsync(Token);
        _client = new HttpClient { BaseAddress = host.Address, Timeout = Patience };
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Events_OfAVideo_StreamUntilItsEnd()
    {
        var id = await CreateAsync("a ghost");
        var events = await _client.GetStringAsync(new Uri($"/v1/videos/{id}/events", UriKind.Relative), Token);

        Assert.Contains("event: video.in_progress", events, StringComparison.Ordinal);
        Assert.Contains("event: video.completed", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Picture_Uploaded_BecomesAVideoInTheOutputs()
    {
        var (_, files) = await UploadAsync(UploadPlaceNames.Videos, "a%20ghost", ".json");

        var file = Assert.Single(files, name => name.EndsWith(".mp4", StringComparison.Ordinal));
        Assert.Equal("ftyp"u8.ToArray(), (await OutputAsync(file))[4..8]);
    }

    [Fact]
    public async Task Picture_UploadedToEdits_BecomesAnEditedPictureInTheOutputs()
    {
        var (picture, files) = await UploadAsync(UploadPlaceNames.Edits, "make%20it%20black%20and%20white", ".edited.json");

        var before = await new PictureReader().ReadAsync(picture, Token);
        var after = await new PictureReader().ReadAsync(await OutputAsync(Assert.Single(files)), Token);
        Assert.Equal((before.Width, before.Height), (after.Width, after.Height));
        Assert.False(IsGrey(before));
        Assert.True(IsGrey(after));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Video_WhoseWorkerOrHostIsKilledInMidDenoise_IsTheSameAsUndisturbed(bool killsHost)
    {
        // Many steps: the clip is then denoised for long enough to be met.
        var undisturbed = await ContentAsync(await CreateAsync("a robot", seed: 5, steps: 60));

        var id = await CreateAsync("a robot", seed: 5, steps: 60);
        await UntilAsync(async () => (await VideoAsync(id)).GetProperty("stage").GetString() == "animate");
        if (killsHost)
        {
            host.Kill();
            await host.StartAsync(Token);
        }
        else
        {
            Assert.True(FunctionsHostProcess.KillWorkers() > 0);
        }

        var found = await FindAsync(id);
        Assert.True(found?.GetProperty("status").GetString() is null or "in_progress", $"The job had ended before: {found}");
        Assert.Equal(undisturbed, await ContentAsync(id));
    }

    private async Task<string> CreateAsync(string prompt, int seed = 7, int? steps = null)
    {
        using var response = await _client.PostAsJsonAsync("/v1/videos", new { prompt, seed, steps }, Token);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
    }

    private Task<JsonElement> VideoAsync(string id) => _client.GetFromJsonAsync<JsonElement>($"/v1/videos/{id}", Token);

    // Null while the worker is being started again.
    private async Task<JsonElement?> FindAsync(string id)
    {
        try
        {
            return await VideoAsync(id);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<byte[]> ContentAsync(string id)
    {
        await UntilAsync(async () =>
        {
            var video = await FindAsync(id);
            Assert.False(video?.GetProperty("status").GetString() == "failed", video?.ToString());
            return video?.GetProperty("status").GetString() == "completed";
        });
        return await _client.GetByteArrayAsync(new Uri($"/v1/videos/{id}/content", UriKind.Relative), Token);
    }

    /// <summary>Uploads a drawn picture and waits for the report in the outputs, which is named by the picture and an ending.</summary>
    private async Task<(byte[] Picture, string[] Files)> UploadAsync(string container, string prompt, string ending)
    {
        using var drawn = await _client.PostAsJsonAsync("/v1/images/generations", new { prompt = "a ghost", seed = 1 }, Token);
        var picture = (await drawn.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("data")[0].GetProperty("b64_json").GetBytesFromBase64();
        var name = $"{Guid.NewGuid():N}.png";
        var metadata = new Dictionary<string, string> { [BlobUploadContainer.PromptKey] = prompt };
        await new BlobContainerClient(host.Storage, container).GetBlobClient(name).UploadAsync(BinaryData.FromBytes(picture), new BlobUploadOptions { Metadata = metadata }, Token);

        var report = Outputs.GetBlobClient(name + ending);
        await UntilAsync(async () => await report.ExistsAsync(Token));
        var result = (await report.DownloadContentAsync(Token)).Value.Content.ToObjectFromJson<JsonElement>();
        Assert.True(result.GetProperty("status").GetString() == "completed", result.GetRawText());
        return (picture, [.. result.GetProperty("files").EnumerateArray().Select(file => file.GetString()!)]);
    }

    private BlobContainerClient Outputs => new(host.Storage, UploadPlaceNames.Outputs);

    private async Task<byte[]> OutputAsync(string name) => (await Outputs.GetBlobClient(name).DownloadContentAsync(Token)).Value.Content.ToArray();

    private static bool IsGrey(Picture picture) =>
        Enumerable.Range(0, picture.Width * picture.Height).Select(i => picture[i % picture.Width, i / picture.Width]).All(color => color.Red == color.Green && color.Green == color.Blue);

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        var deadline = DateTimeOffset.UtcNow + Patience;
        while (!await condition())
        {
            Assert.True(DateTimeOffset.UtcNow < deadline, $"It did not happen in time. The host wrote last:\n{host.Log()}");
            await Task.Delay(100, Token);
        }
    }
}
