using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Emu.Api.Hosting;
using Emu.Functions.Http;
using Emu.Functions.Tests.Host;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Grpc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Functions.Tests.Http;

public sealed partial class ApiFunctionsTests : IAsyncLifetime
{
    private readonly RoutesOnly _local = new();
    private readonly RoutesOnly _functions = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress("http://127.0.0.1:1");
    private DurableTaskClient _durable = null!;

    public async ValueTask InitializeAsync()
    {
        _durable = new GrpcDurableTaskClient("functions", new GrpcDurableTaskClientOptions { Channel = _channel }, NullLogger.Instance);
        _local.App.MapEmuApi();
        await _local.App.StartAsync();

        // As in the worker of a Functions host: another router has chosen an endpoint and filled in route values before.
        var api = _functions.Services.GetRequiredService<ApiFunctions>();
        _functions.App.Map("/{id?}/{**rest}", async (HttpContext context) => await (await api.AnswerAsync(context.Request, _durable)).ExecuteAsync(context));
        await _functions.App.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _local.App.StopAsync();
        await _functions.App.StopAsync();
        _local.Dispose();
        _functions.Dispose();
        await _durable.DisposeAsync();
        _channel.Dispose();
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("HEAD", "/")]
    [InlineData("GET", "/studio/nothing.js")]
    [InlineData("GET", "/docs")]
    [InlineData("GET", "/health/live")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("GET", "/v1/models")]
    [InlineData("GET", "/v1/models/none")]
    [InlineData("GET", "/v1/videos")]
    [InlineData("GET", "/v1/videos/video_nothing")]
    [InlineData("DELETE", "/v1/videos/video_nothing")]
    [InlineData("PUT", "/v1/videos")]
    [InlineData("OPTIONS", "/v1/videos")]
    [InlineData("PATCH", "/v1/images/generations")]
    [InlineData("GET", "/v1/images/generations")]
    [InlineData("GET", "/nothing/of/the/kind")]
    [InlineData("POST", "/v1/videos", "{\"prompt\":")]
    [InlineData("POST", "/v1/videos", "{\"prompt\":1}")]
    [InlineData("POST", "/v1/images/generations", "{}")]
    [InlineData("GET", "/v1/webhook_endpoints")]
    public async Task Answer_OfEveryKind_IsTheLocalServers(string method, string path, string? body = null)
    {
        var expected = await SendAsync(_local, method, path, body);
        var actual = await SendAsync(_functions, method, path, body);

        Assert.Equal(expected, actual);
    }

    private async Task<(HttpStatusCode Status, string Headers, string Body)> SendAsync(RoutesOnly server, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), server.App.Urls.First() + path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var headers = response.Headers.Concat(response.Content.Headers)
            .Where(header => !header.Key.Equals("date", StringComparison.OrdinalIgnoreCase) && !header.Key.Equals("x-request-id", StringComparison.OrdinalIgnoreCase))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order();
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, Port().Replace(string.Join('\n', headers), ":port"), RequestId().Replace(Port().Replace(text, ":port"), "req_"));
    }

    [GeneratedRegex(@"(?<=127\.0\.0\.1):\d+")]
    private static partial Regex Port();

    [GeneratedRegex("req_[0-9a-f]{32}")]
    private static partial Regex RequestId();
}
