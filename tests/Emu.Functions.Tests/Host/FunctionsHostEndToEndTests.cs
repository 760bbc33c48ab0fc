using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Emu.Conformance.Azurite;
using Emu.Pipeline.Uploads;

namespace Emu.Functions.Tests.Host;

/// <summary>The app under a real Functions host, over Azurite. Runs where <c>EMU_FUNCTIONS_HOST</c> names a host.</summary>
[Collection("storage")]
public sealed class FunctionsHostEndToEndTests(AzuriteServer azurite)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Video_AskedForByHttp_IsMadeOnceForItsIdempotencyKeyAndCanBeDownloaded()
    {
        await using var host = await FunctionsHostProcess.StartAsync(azurite.Connection, Token);
        using var client = Client(host);

        var first = await CreateAsync(client, "a duck", key: "once");
        var second = await CreateAsync(client, "a duck", key: "once");
        await CompletedAsync(client, first);

        Assert.Equal(first, second);
        var video = await client.GetByteArrayAsync(new Uri($"/v1/videos/{first}/content", UriKind.Relative), Token);
        Assert.Equal("ftyp"u8.ToArray(), video[4..8]);
    }

    [Fact]
    public async Task Events_OfAVideo_StreamUntilItsEnd()
    {
        await using var host = await FunctionsHostProcess.StartAsync(azurite.Connection, Token);
        using var client = Client(host);

        var id = await CreateAsync(client, "a ghost");
        var events = await client.GetStringAsync(new Uri($"/v1/videos/{id}/events", UriKind.Relative), Token);

        Assert.Contains("completed", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ThatIsBad_IsAnsweredAsByTheLocalServer()
    {
        await using var host = await FunctionsHostProcess.StartAsync(azurite.Connection, Token);
        using var client = Client(host);

        using var body = new StringContent("{\"prompt\":", System.Text.Encoding.UTF8, "application/json");
        using var malformed = await client.PostAsync(new Uri("/v1/videos", UriKind.Relative), body, Token);
        using var method = await client.PutAsync(new Uri("/v1/videos", UriKind.Relative), null, Token);
        using var path = await client.GetAsync(new Uri("/nothing", UriKind.Relative), Token);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound), (malformed.StatusCode, method.StatusCode, path.StatusCode));
        Assert.Equal("unknown_url", (await path.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("uploads", "a%20ghost", "")]
    [InlineData("edits", "make%20it%20sepia", ".edited")]
    public async Task Picture_Uploaded_BecomesAVideoOrAnEditInTheOutputs(string container, string prompt, string ending)
    {
        await using var host = await FunctionsHostProcess.StartAsync(azurite.Connection, Token);
        using var client = Client(host);
        using var drawn = await client.PostAsJsonAsync("/v1/images/generations", new { prompt = "a ghost" }, Token);
        var picture = (await drawn.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("data")[0].GetProperty("b64_json").GetBytesFromBase64();
        var name = $"{Guid.NewGuid():N}.png";
        var options = new BlobUploadOptions { Metadata = new Dictionary<string, string> { [BlobUploadContainer.PromptKey] = prompt } };
        await new BlobContainerClient(azurite.Connection, container).GetBlobClient(name).UploadAsync(BinaryData.FromBytes(picture), options, Token);

        var report = new BlobContainerClient(azurite.Connection, "outputs").GetBlobClient($"{name}{ending}.json");
        await UntilAsync(async () => await report.ExistsAsync(Token));

        var result = (await report.DownloadContentAsync(Token)).Value.Content.ToObjectFromJson<JsonElement>();
        Assert.Equal("completed", result.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Video_WhoseWorkerOrHostIsKilled_IsTheSameAsUndisturbed(bool killsHost)
    {
        await using var host = await FunctionsHostProcess.StartAsync(azurite.Connection, Token);
        using var client = Client(host);
        var undisturbed = await ContentAsync(client, await CreateAsync(client, "a robot", seed: 5));

        var id = await CreateAsync(client, "a robot", seed: 5);
        await UntilAsync(async () => (await client.GetFromJsonAsync<JsonElement>($"/v1/videos/{id}", Token)).GetProperty("progress").GetInt32() >= 20);
        if (killsHost)
        {
            host.Kill();
            await host.StartAsync(Token);
        }
        else
        {
            Assert.True(FunctionsHostProcess.KillWorkers() > 0);
        }

        Assert.Equal(undisturbed, await ContentAsync(client, id));
    }

    private static HttpClient Client(FunctionsHostProcess host) => new() { BaseAddress = host.Address, Timeout = Patience };

    private static async Task<string> CreateAsync(HttpClient client, string prompt, int seed = 7, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/videos") { Content = JsonContent.Create(new { prompt, seed }) };
        request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        using var response = await client.SendAsync(request, Token);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
    }

    private static async Task<byte[]> ContentAsync(HttpClient client, string id)
    {
        await CompletedAsync(client, id);
        return await client.GetByteArrayAsync(new Uri($"/v1/videos/{id}/content", UriKind.Relative), Token);
    }

    private static Task CompletedAsync(HttpClient client, string id) => UntilAsync(async () =>
    {
        try
        {
            var video = await client.GetFromJsonAsync<JsonElement>($"/v1/videos/{id}", Token);
            Assert.NotEqual("failed", video.GetProperty("status").GetString());
            return video.GetProperty("status").GetString() == "completed";
        }
        catch (HttpRequestException)
        {
            // The worker is being started again.
            return false;
        }
    });

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var deadline = DateTimeOffset.UtcNow + Patience;
        while (!await condition())
        {
            Assert.True(DateTimeOffset.UtcNow < deadline, "It did not happen in time.");
            await Task.Delay(500, Token);
        }
    }
}
