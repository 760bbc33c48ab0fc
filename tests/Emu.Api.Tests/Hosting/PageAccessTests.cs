using System.Net;
using System.Net.Http.Json;
using Emu.Api.Hosting;
using Emu.Api.Limits;
using Emu.Api.Routing;
using Emu.Api.Tests.Server;

namespace Emu.Api.Tests.Hosting;

/// <summary>Requests as browsers send them for pages of other sites.</summary>
public sealed class PageAccessTests : IAsyncLifetime
{
    private const string App = "https://app.example";

    // What a page may always read: https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name. The body's form is HTTP's.
    private static readonly string[] AlwaysReadable = ["Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Expires", "Last-Modified", "Pragma", "Transfer-Encoding", "Connection"];

    private readonly PipelineServer _server = new()
    {
        Access = new PublicAccess { CorsOrigins = [App + "/", "http://localhost:5173"] },
        Limits = new ApiLimits { RequestsPerSecond = 100, RequestBurst = 200, MaximumWait = TimeSpan.FromSeconds(100) },
    };

    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _client = _server.ClientOf(_server.Keys.Create("app", null).Secret);
        await _server.KeysNeededAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("/v1/videos", "POST", "authorization,content-type,idempotency-key,prefer,x-stainless-lang")]
    [InlineData("/v1/videos/video_1", "DELETE", "authorization")]
    [InlineData("/v1/images/generations", "POST", "authorization,content-type")]
    public async Task Preflight_OfAnAllowedPage_AllowsMethodAndHeadersWithoutAKey(string path, string method, string headers)
    {
        var response = await SendAsync(_server.Client, HttpMethod.Options, path, App, ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", headers));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(App, Header(response, "Access-Control-Allow-Origin"));
        Assert.Contains(method, Header(response, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.All(headers.Split(','), name => Assert.Contains(name, Header(response, "Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Responses_ToAnAllowedPage_LetItReadEveryHeader()
    {
        var responses = new List<HttpResponseMessage>();
        var key = ("Idempotency-Key", "k");
        var created = await SendAsync(_client, HttpMethod.Post, "/v1/videos", App, new { prompt = "a fox" }, key);
        var id = (await created.JsonAsync(HttpStatusCode.Accepted)).GetProperty("id").GetString();
        responses.Add(created);
        responses.Add(await SendAsync(_client, HttpMethod.Post, "/v1/videos", App, new { prompt = "a fox" }, key, ("Prefer", "wait=100")));
        await Eventually.TrueAsync(async () => (await _client.GetStringAsync($"/v1/videos/{id}")).Contains("\"completed\"", StringComparison.Ordinal), "the video is done");
        responses.Add(await SendAsync(_client, HttpMethod.Get, $"/v1/videos/{id}/content", App, ("Range", "bytes=0-9")));
        responses.Add(await SendAsync(_client, HttpMethod.Put, "/v1/videos", App));
        responses.Add(await SendAsync(_client, HttpMethod.Get, "/v1/nothing", App));
        responses.Add(await SendAsync(_server.Client, HttpMethod.Get, "/v1/videos", App));
        responses.Add(await SendAsync(_client, HttpMethod.Post, $"/v1/videos/{id}/remix", App, new { prompt = " " }));
        responses.Add(await SendAsync(_client, HttpMethod.Post, "/v1/images/generations", App, new { prompt = "a broken fox" }));
        while (responses[^1].StatusCode != HttpStatusCode.TooManyRequests)
        {
            responses[^1] = await SendAsync(_client, HttpMethod.Get, "/v1/models", App);
        }

        Assert.Equal([202, 200, 206, 405, 404, 401, 400, 429], responses.Select(response => (int)response.StatusCode));
        foreach (var response in responses)
        {
            Assert.Equal(App, Header(response, "Access-Control-Allow-Origin"));
            var readable = Header(response, "Access-Control-Expose-Headers").Split(',').Concat(AlwaysReadable).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var sent = response.Headers.Concat(response.Content.Headers).Select(header => header.Key).Where(name => !name.StartsWith("Access-Control-", StringComparison.Ordinal) && name != "Vary");
            Assert.Empty(sent.Except(readable, StringComparer.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task Responses_ToAnotherPage_AllowNothing()
    {
        foreach (var origin in new[] { "https://evil.example", "http://app.example", "https://app.example.evil.example", "null" })
        {
            var response = await SendAsync(_client, HttpMethod.Get, "/v1/models", origin);
            Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
            var preflight = await SendAsync(_client, HttpMethod.Options, "/v1/models", origin, ("Access-Control-Request-Method", "GET"));
            Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task EveryOrigin_IsAllowedByAStar()
    {
        await using var server = new PipelineServer { Access = new PublicAccess { CorsOrigins = ["*"] } };
        await server.InitializeAsync();
        using var client = server.ClientOf(server.Keys.Create("app", null).Secret);
        await server.KeysNeededAsync();
        var response = await SendAsync(client, HttpMethod.Get, "/v1/models", "https://any.example");
        Assert.Equal("*", Header(response, "Access-Control-Allow-Origin"));
        Assert.Contains(ApiHeaders.RequestId, Header(response, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllowedPage_ServerHasNoKeys_IsRefused()
    {
        await using var server = new PipelineServer { Access = new PublicAccess { CorsOrigins = [App] } };
        await server.InitializeAsync();
        var preflight = await SendAsync(server.Client, HttpMethod.Options, "/v1/videos", App, ("Access-Control-Request-Method", "POST"));
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
        var response = await SendAsync(server.Client, HttpMethod.Post, "/v1/videos", App, new { prompt = "a fox" });
        Assert.Equal("cross_site_request", (await response.ErrorAsync(HttpStatusCode.Forbidden)).Code);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("app.example")]
    [InlineData("https://app.example/page")]
    [InlineData("https://app.example?a=b")]
    [InlineData("null")]
    public void CorsOrigins_NoOrigin_IsRefused(string origin) =>
        Assert.Contains(origin, Assert.Throws<ArgumentException>(() => new PublicAccess { CorsOrigins = [origin] }).Message, StringComparison.Ordinal);

    private static string Header(HttpResponseMessage response, string name) => string.Join(",", response.Headers.GetValues(name));

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string origin, params (string Name, string Value)[] headers) =>
        SendAsync(client, method, path, origin, null, headers);

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string origin, object? body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("Origin", origin);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return client.SendAsync(request);
    }
}
