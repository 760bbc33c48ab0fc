using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Emu.Local.Tests.Commands;

/// <summary>The server as its users run it: a process of its own, with the shipped model.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(3) };
    private readonly string _url;

    public ServeTests()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        _client.BaseAddress = new Uri(_url);
    }

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Serve_KilledInTheMiddleOfAJob_MakesTheSameFramesAsGenerate()
    {
        string id;
        using (var killed = await StartAsync())
        {
            var body = new { prompt = "a happy fox", seed = 7, steps = 3, size = "128x128", formats = new[] { "apng" } };
            using var answer = await _client.PostAsJsonAsync("/v1/videos", body);
            id = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
            await UntilAsync(id, video => video.GetProperty("stage").GetString() is "animate" or "interpolate" or "upsample");
            killed.Signal(9);
            Assert.NotEqual(0, (await killed.WaitAsync()).ExitCode);
        }

        using var server = await StartAsync();
        var video = await UntilAsync(id, video => video.GetProperty("status").GetString() is "completed" or "failed");
        Assert.True(video.GetProperty("status").GetString() == "completed", video.GetRawText());
        var served = await _client.GetByteArrayAsync($"/v1/videos/{id}/content");
        server.Signal(15);
        Assert.Equal(0, (await server.WaitAsync()).ExitCode);

        var generated = await EmuCommand.RunAsync("generate", "a happy fox", "--seed", "7", "--steps", "3", "--size", "128", "--out", _folder["fox.apng"]);
        Assert.True(generated.ExitCode == 0, generated.Errors);
        Assert.Equal(File.ReadAllBytes(_folder["fox.apng"]), served);
    }

    [Fact]
    public async Task Serve_PromptThatTheModelDoesNotUnderstand_IsRefusedAndOneItPartlyDoesIsWarnedOf()
    {
        using var server = await StartAsync();

        using var refused = await _client.PostAsJsonAsync("/v1/videos", new { prompt = "утка" });
        using var taken = await _client.PostAsJsonAsync("/v1/videos", new { prompt = "a xylograph 🦆", steps = 1, size = "128" });

        var error = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal((HttpStatusCode.BadRequest, "prompt", "prompt_not_understood"), (refused.StatusCode, error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
        Assert.Contains("English words, for example 'duck'", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        var video = JsonDocument.Parse(await taken.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("The model does not know 'xylograph': it has no effect.", Assert.Single(video.GetProperty("warnings").EnumerateArray()).GetString());
        Assert.Equal("128x128", video.GetProperty("size").GetString());
    }

    [Fact]
    public async Task Serve_WithoutKeys_SaysSoAndListensToThisMachineOnly()
    {
        using var server = await StartAsync();
        await server.WaitForErrorsAsync("no API keys");
        using var ready = await _client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);

        foreach (var (option, address) in new[] { ("--urls", "http://0.0.0.0:0"), ("--public-url", "https://emu.example/tools") })
        {
            var open = await EmuCommand.RunAsync("serve", option, address, "--data", _folder["other"]);
            Assert.Equal(2, open.ExitCode);
            Assert.Contains($"{address} can be reached from other machines", open.Errors, StringComparison.Ordinal);
            Assert.Contains("emu keys create", open.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--urls", "https://localhost:1")]
    [InlineData("--urls", "localhost")]
    [InlineData("--urls", ";")]
    [InlineData("--public-url", "emu.example")]
    [InlineData("--trusted-proxy", "proxy.example")]
    [InlineData("--cors", "https://app.example/page")]
    [InlineData("--device", "abacus")]
    [InlineData("--precision", "2")]
    [InlineData("--jobs-in-flight", "0")]
    [InlineData("--model", "nonsense")]
    public async Task Serve_WithAWrongOption_SaysWhatIsAccepted(string option, string value)
    {
        var result = await EmuCommand.RunAsync("serve", option, value, "--data", _folder["data"]);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("emu: ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PortInUse_SaysSo()
    {
        using var server = await StartAsync();
        var port = await EmuCommand.RunAsync("serve", "--urls", _url, "--data", _folder["other"]);
        Assert.Equal(1, port.ExitCode);
        Assert.Contains(_url, port.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", port.Errors, StringComparison.Ordinal);
    }

    private async Task<EmuProcess> StartAsync()
    {
        var server = EmuProcess.Start(_folder.Path, "serve", "--urls", _url, "--data", _folder["data"]);
        await server.WaitForErrorsAsync("serving");
        return server;
    }

    private async Task<JsonElement> UntilAsync(string id, Func<JsonElement, bool> condition)
    {
        for (var looks = 0; looks < 3000; looks++)
        {
            var video = JsonDocument.Parse(await _client.GetStringAsync($"/v1/videos/{id}")).RootElement;
            if (condition(video) || video.GetProperty("status").GetString() is "completed" or "failed")
            {
                return video;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"{id} took too long.");
    }
}
