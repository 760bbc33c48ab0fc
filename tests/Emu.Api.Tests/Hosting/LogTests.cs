using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Emu.Api.Tests.Server;
using Microsoft.Extensions.Logging;

namespace Emu.Api.Tests.Hosting;

/// <summary>What clients do is no warning: a warning is for the operator of the server to act on.</summary>
public sealed class LogTests : IAsyncLifetime
{
    private readonly PipelineServer _server = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Delete_OfARunningAndAQueuedJob_IsInformation()
    {
        var running = (await _server.CreateAsync(new { prompt = "a slow fox" })).GetProperty("id").GetString()!;
        await _server.InProgressAsync(running);
        var queued = (await _server.CreateAsync(new { prompt = "a slow fox" })).GetProperty("id").GetString()!;
        await _server.Client.DeleteAsync($"/v1/videos/{queued}", Token);
        await _server.Client.DeleteAsync($"/v1/videos/{running}", Token);
        await LoggedAsync($"{running} has ended: Terminated");
        await _server.IdleAsync();
        AssertInformationOnly();
    }

    [Fact]
    public async Task Cancel_OfARunningJob_IsInformation()
    {
        var id = (await _server.CreateAsync(new { prompt = "a slow fox" })).GetProperty("id").GetString()!;
        await _server.InProgressAsync(id);
        await _server.Client.PostAsync($"/v1/videos/{id}/cancel", null, Token);
        await _server.EndedAsync(id);
        await _server.IdleAsync();
        AssertInformationOnly();
    }

    [Fact]
    public async Task ClientLeaves_WhileImagesAreMade_IsInformation()
    {
        using var leaving = new CancellationTokenSource();
        var request = _server.Client.PostAsJsonAsync("/v1/images/generations", new { prompt = "a slow picture", n = 2 }, leaving.Token);
        await Eventually.TrueAsync(async () => await _server.Jobs.CountInFlightAsync("local", 2, Token) == 2, "the jobs are created");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await LoggedAsync("images.generate");
        await _server.IdleAsync();
        AssertInformationOnly();
    }

    [Fact]
    public async Task ClientLeaves_WhileItWaitsFollowsOrDownloads_IsInformation()
    {
        var done = await _server.CompletedAsync(new { prompt = "a fox", formats = new[] { "apng" } });
        var slow = (await _server.CreateAsync(new { prompt = "a slow fox" })).GetProperty("id").GetString()!;
        foreach (var (target, head) in new[]
        {
            ($"GET /v1/videos/{slow}/events", ""),
            ($"GET /v1/videos/{done}/content", ""),
            ("POST /v1/videos", "Prefer: wait=60\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"prompt\":\"slow\"}"),
        })
        {
            await LeaveAsync($"{target} HTTP/1.1\r\nHost: localhost\r\n{head}\r\n", resets: false);
            await LeaveAsync($"{target} HTTP/1.1\r\nHost: localhost\r\n{head}\r\n", resets: true);
        }

        await LoggedAsync("videos.create");
        AssertInformationOnly();
    }

    [Theory]
    [InlineData("application/json", "{\"prompt\"")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na f")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"input_reference\"; filename=\"a.png\"\r\n\r\n\u0089PNG")]
    public async Task ClientLeaves_InTheMiddleOfItsBody_IsInformation(string type, string body)
    {
        var head = $"POST /v1/videos HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\n";
        foreach (var resets in new[] { false, true })
        {
            await LeaveAsync($"{head}Content-Length: 1000\r\n\r\n{body}", resets);
            await LeaveAsync($"{head}Transfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n", resets);
        }

        AssertInformationOnly();
    }

    [Fact]
    public async Task Refused_ByEveryRule_IsInformation()
    {
        await _server.Client.PostAsJsonAsync("/v1/videos", new { prompt = "a fox", colour = "red" }, Token);
        await _server.Client.PostAsync("/v1/videos", new StringContent("{", Encoding.UTF8, "application/json"), Token);
        await _server.Client.GetAsync("/v1/videos/none", Token);
        await _server.Client.PatchAsync("/v1/videos", null, Token);
        using var form = new MultipartFormDataContent { { new ByteArrayContent([1, 2, 3]), "input_reference", "a.png" } };
        await _server.Client.PostAsync("/v1/videos", form, Token);
        Directory.CreateDirectory(_server.UploadsFolder);
        await File.WriteAllBytesAsync(Path.Combine(_server.UploadsFolder, "a.png"), [0x89, 0x50, 1, 2], Token);
        File.SetLastWriteTimeUtc(Path.Combine(_server.UploadsFolder, "a.png"), DateTime.UtcNow.AddHours(-1));
        await LoggedAsync("Upload a.png in");
        AssertInformationOnly();
    }

    [Fact]
    public async Task FullDisk_IsAWarningInOneLine()
    {
        await _server.StopAsync();
        _server.DiskReserve = long.MaxValue;
        await _server.StartAsync();
        _server.Logs.Clear();
        await _server.Client.PostAsJsonAsync("/v1/videos", new { prompt = "a fox" }, Token).ErrorAsync(HttpStatusCode.ServiceUnavailable);
        var warning = Assert.Single(_server.Logs.All, line => line.Level == LogLevel.Warning);
        Assert.Contains("kept in reserve", warning.Message, StringComparison.Ordinal);
        Assert.Null(warning.Exception);
    }

    private Task LoggedAsync(string text) =>
        Eventually.TrueAsync(() => Task.FromResult(_server.Logs.All.Any(line => line.Message.Contains(text, StringComparison.Ordinal))), $"'{text}' is logged");

    private void AssertInformationOnly() => Assert.All(_server.Logs.All, line =>
    {
        Assert.True(line.Level == LogLevel.Information, $"{line}");
        if (line.Category.StartsWith("Emu.", StringComparison.Ordinal))
        {
            Assert.Null(line.Exception);
            Assert.DoesNotContain('\n', line.Message);
        }
    });

    // Sends a request, waits until the server works on it, and closes the connection.
    private async Task LeaveAsync(string request, bool resets)
    {
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(_server.Address.Host, _server.Address.Port, Token);
        await client.SendAsync(Encoding.Latin1.GetBytes(request), Token);
        await Eventually.TrueAsync(() => Task.FromResult(_server.Requests.InProgress > 0 || client.Available > 0), "the request is at work");
        client.LingerState = new LingerOption(resets, 0);
        client.Close(resets ? 0 : -1);
        await Eventually.TrueAsync(() => Task.FromResult(_server.Requests.InProgress == 0), "the request has ended");
    }
}
