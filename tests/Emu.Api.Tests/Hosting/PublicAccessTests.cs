using System.Net;
using System.Net.Http.Json;
using Emu.Api.Hosting;
using Emu.Api.Limits;
using Emu.Api.Tests.Server;

namespace Emu.Api.Tests.Hosting;

public sealed class PublicAccessTests
{
    private static readonly (string, string)[] Forwarded =
        [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "emu.example"), ("X-Forwarded-Prefix", "/tools/emu")];

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.0/8")]
    public async Task Forwarded_FromATrustedProxy_IsInEveryAddress(string proxy)
    {
        await using var server = await StartAsync(new PublicAccess { TrustedProxies = ["10.9.8.7", proxy] });
        var client = server.ClientOf(server.Keys.Create("app", null).Secret);
        await server.KeysNeededAsync();
        await AssertAddressesAsync(client, "https://emu.example/tools/emu", "/tools/emu", Forwarded);
    }

    [Fact]
    public async Task Forwarded_ThroughTwoTrustedProxies_IsTheOutermost()
    {
        await using var server = await StartAsync(new PublicAccess { TrustedProxies = ["127.0.0.1", "10.0.0.0/8"] });
        var client = server.ClientOf(server.Keys.Create("app", null).Secret);
        await server.KeysNeededAsync();
        await AssertAddressesAsync(client, "https://emu.example", "", [("X-Forwarded-For", "203.0.113.9, 10.1.2.3"), ("X-Forwarded-Proto", "https, http"), ("X-Forwarded-Host", "emu.example, inner.example")]);
    }

    [Fact]
    public async Task Forwarded_FromAnotherAddress_IsIgnored()
    {
        await using var server = await StartAsync(new PublicAccess { TrustedProxies = ["10.0.0.7"] });
        await AssertAddressesAsync(server.Client, server.Address.GetLeftPart(UriPartial.Authority), "", Forwarded);
    }

    [Fact]
    public async Task Forwarded_NoProxyIsTrusted_IsIgnored()
    {
        await using var server = await StartAsync(new PublicAccess());
        await AssertAddressesAsync(server.Client, server.Address.GetLeftPart(UriPartial.Authority), "", Forwarded);
    }

    [Fact]
    public async Task Forwarded_ServerHasNoKeys_RefusesTheClientOfTheProxy()
    {
        await using var server = await StartAsync(new PublicAccess { TrustedProxies = ["127.0.0.1"] });
        await (await SendAsync(server.Client, HttpMethod.Get, "/v1/models", null, Forwarded)).ErrorAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("https://emu.example", "")]
    [InlineData("https://emu.example:8443/tools/emu/", "/tools/emu")]
    public async Task PublicUrl_IsInEveryAddress(string url, string path)
    {
        await using var server = await StartAsync(new PublicAccess { PublicUrl = PublicAccess.ParseUrl(url) });
        await AssertAddressesAsync(server.Client, url.TrimEnd('/'), path, []);
    }

    [Fact]
    public async Task PublicUrl_WithAPath_AnswersWithAndWithoutIt()
    {
        await using var server = await StartAsync(new PublicAccess { PublicUrl = PublicAccess.ParseUrl("https://emu.example/tools/emu") });
        foreach (var path in new[] { "/v1/models", "/tools/emu/v1/models", "/tools/emu/docs/", "/tools/emu/", "/tools/emu/studio/app.js" })
        {
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(path)).StatusCode);
        }

        Assert.Equal("/tools/emu/", (await server.Client.GetAsync("/tools/emu")).Headers.Location?.ToString());
        await server.Client.GetAsync("/tools/emux/v1/models").ErrorAsync(HttpStatusCode.NotFound);
        await server.Client.PostAsync("/tools/emu/v1/images/variations", null).ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task PublicUrl_LinkOpenedUnderItsPath_IsTheFile()
    {
        await using var server = await StartAsync(new PublicAccess { PublicUrl = PublicAccess.ParseUrl("https://emu.example/tools/emu") });
        var image = (await (await server.Client.PostAsJsonAsync("/v1/images/generations", new { prompt = "a fox", response_format = "url" })).JsonAsync()).GetProperty("data")[0];
        var link = new Uri(image.GetProperty("url").GetString()!);
        Assert.Equal("https://emu.example", link.GetLeftPart(UriPartial.Authority));
        foreach (var target in new[] { link.PathAndQuery, link.PathAndQuery["/tools/emu".Length..] })
        {
            Assert.Equal("image/png", (await server.Client.GetAsync(target)).Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory]
    [InlineData("emu.example")]
    [InlineData("ftp://emu.example")]
    [InlineData("https://emu.example/?a=b")]
    [InlineData("https://user@emu.example")]
    public void PublicUrl_NoAddress_IsRefused(string url) =>
        Assert.Contains(url, Assert.Throws<ArgumentException>(() => new PublicAccess { PublicUrl = PublicAccess.ParseUrl(url) }).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("proxy.example")]
    [InlineData("10.0.0.0/99")]
    [InlineData("")]
    public void TrustedProxies_NoAddress_IsRefused(string proxy) => Assert.Throws<ArgumentException>(() => new PublicAccess { TrustedProxies = [proxy] });

    private static async Task<PipelineServer> StartAsync(PublicAccess access)
    {
        var server = new PipelineServer { Access = access, Limits = new ApiLimits { RequestsPerSecond = 0 } };
        await server.InitializeAsync();
        return server;
    }

    // Links of videos and images, Location of a creation and of an error, and the API's own description.
    private static async Task AssertAddressesAsync(HttpClient client, string root, string path, (string, string)[] headers)
    {
        var created = await SendAsync(client, HttpMethod.Post, "/v1/videos", new { prompt = "a fox" }, headers);
        var id = (await created.JsonAsync(HttpStatusCode.Accepted)).GetProperty("id").GetString();
        Assert.Equal($"{path}/v1/videos/{id}", created.Headers.Location?.ToString());

        var description = await (await SendAsync(client, HttpMethod.Get, "/openapi/v1.json", null, headers)).JsonAsync();
        Assert.Equal(root, description.GetProperty("servers")[0].GetProperty("url").GetString());

        var failed = await SendAsync(client, HttpMethod.Post, "/v1/images/generations", new { prompt = "a broken fox" }, headers);
        Assert.StartsWith($"{path}/v1/images/image_", failed.Headers.Location?.ToString(), StringComparison.Ordinal);

        await Eventually.TrueAsync(async () => (await SendAsync(client, HttpMethod.Get, $"/v1/videos/{id}", null, headers)).Content is var content && (await content.ReadAsStringAsync()).Contains("\"completed\"", StringComparison.Ordinal), "the video is done");
        var link = await (await SendAsync(client, HttpMethod.Post, $"/v1/videos/{id}/links", new { }, headers)).JsonAsync();
        Assert.StartsWith($"{root}/v1/videos/{id}/content?", link.GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, object? body, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return client.SendAsync(request);
    }
}
