using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Emu.Api.Hosting;
using Emu.Functions.Hosting;
using Emu.Functions.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Emu.Functions.Tests.Host;

/// <summary>
/// A real Functions host answers as the same app does without one: nothing on the way through host and worker changes status, headers or body.
/// </summary>
[Collection("storage")]
public sealed partial class FunctionsHostAnswersTests(FunctionsHostProcess host) : IClassFixture<FunctionsHostProcess>, IAsyncLifetime
{
    // What a connection or a moment decides. Content-Length: the worker's answers come to the host in chunks, and leave it so.
    private static readonly string[] Varying = ["connection", "content-length", "date", "server", "transfer-encoding", "x-ratelimit-remaining-requests", "x-request-id"];

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private WebApplication? _local;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await host.StartedAsync(Token);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var options = new FunctionsOptions { Storage = host.Storage, SecretsKey = Convert.ToBase64String(new byte[32]), IsDevelopment = true };
        await builder.Services.AddEmuFunctionsAsync(options, Token);
        _local = builder.Build();
        _local.MapEmuApi();
        await _local.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_local is not null)
        {
            await _local.StopAsync(CancellationToken.None);
            await _local.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("HEAD", "/")]
    [InlineData("GET", "/docs")]
    [InlineData("GET", "/studio/nothing.js")]
    [InlineData("GET", "/health/live")]
    [InlineData("HEAD", "/health/ready")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("GET", "/v1/models")]
    [InlineData("GET", "/v1/models/none")]
    [InlineData("GET", "/v1/videos")]
    [InlineData("GET", "/v1/videos?limit=101")]
    [InlineData("GET", "/v1/videos?limit=1&limit=2")]
    [InlineData("GET", "/v1/videos/")]
    [InlineData("GET", "/v1//videos")]
    [InlineData("GET", "/v1/videos/video_nothing")]
    [InlineData("GET", "/v1/videos/..%2f..%2fkeys.json")]
    [InlineData("GET", "/v1/videos/video_nothing/content")]
    [InlineData("GET", "/v1/videos/video_nothing/events")]
    [InlineData("DELETE", "/v1/videos/video_nothing")]
    [InlineData("PUT", "/v1/videos")]
    [InlineData("OPTIONS", "/v1/videos")]
    [InlineData("PATCH", "/v1/images/generations")]
    [InlineData("NONSENSE", "/v1/videos")]
    [InlineData("GET", "/nothing/of/the/kind")]
    [InlineData("POST", "/v1/images/variations")]
    [InlineData("POST", "/v1/videos", "{\"prompt\":")]
    [InlineData("POST", "/v1/videos", "[]")]
    [InlineData("POST", "/v1/videos", "{\"prompt\":1}")]
    [InlineData("POST", "/v1/videos", "{\"prompt\":\"a\",\"sise\":\"64x64\"}")]
    [InlineData("POST", "/v1/videos", "{\"prompt\":\"a\",\"seed\":1e999}")]
    [InlineData("POST", "/v1/videos", "{\"prompt\":\"a\"}", "text/plain")]
    [InlineData("POST", "/v1/videos", "--xx\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na", "multipart/form-data; boundary=xx")]
    [InlineData("POST", "/v1/images/generations", "{}")]
    [InlineData("POST", "/v1/images/edits", "{}")]
    [InlineData("GET", "/v1/edits/edit_nothing")]
    [InlineData("POST", "/v1/webhook_endpoints", "{\"url\":\"ftp://example.com\"}")]
    [InlineData("GET", "/v1/webhook_endpoints/we_none")]
    public async Task Answer_OfEveryKind_IsTheAppsOwn(string method, string path, string? body = null, string type = "application/json")
    {
        var expected = await SendAsync(new Uri(_local!.Urls.First()), method, path, body is null ? null : Encoding.UTF8.GetBytes(body), type);
        var actual = await SendAsync(host.Address, method, path, body is null ? null : Encoding.UTF8.GetBytes(body), type);

        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    public async Task Body_OfManyMebibytes_IsAnsweredByTheAppsOwnLimit(int mebibytes)
    {
        var body = new byte[mebibytes << 20];

        Assert.Equal(await SendAsync(new Uri(_local!.Urls.First()), "POST", "/v1/videos", body, "application/json"), await SendAsync(host.Address, "POST", "/v1/videos", body, "application/json"));
    }

    private async Task<(HttpStatusCode Status, string Headers, string Body)> SendAsync(Uri address, string method, string path, byte[]? body, string type)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address.GetLeftPart(UriPartial.Authority) + path);
        request.Content = body is null ? null : new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        using var response = await _client.SendAsync(request, Token);
        var headers = response.Headers.Concat(response.Content.Headers)
            .Where(header => !Varying.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order();
        var text = await response.Content.ReadAsStringAsync(Token);
        return (response.StatusCode, Same(string.Join('\n', headers), address), Same(text, address));
    }

    private static string Same(string text, Uri address) => RequestId().Replace(text.Replace(address.Authority, "authority", StringComparison.Ordinal), "req_");

    [GeneratedRegex("req_[0-9a-f]{32}")]
    private static partial Regex RequestId();
}
