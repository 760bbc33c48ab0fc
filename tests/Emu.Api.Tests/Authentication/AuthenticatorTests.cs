using System.Net;
using System.Net.Http.Headers;
using Emu.Api.Tests.Server;

namespace Emu.Api.Tests.Authentication;

public sealed class AuthenticatorTests
{
    [Fact]
    public async Task NoKeys_FromThisMachine_AnyBearerIsTheLocalOwner()
    {
        await using var server = await TestServer.StartAsync(routes: [Probe.Owner()]);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "anything");
        Assert.Equal("local", await server.Client.GetStringAsync("/v1/probe"));
    }

    [Theory]
    [InlineData("Host", "evil.example", "invalid_host")]
    [InlineData("Host", "127.0.0.1.evil.example", "invalid_host")]
    [InlineData("Origin", "https://evil.example", "cross_site_request")]
    [InlineData("Origin", "null", "cross_site_request")]
    [InlineData("Origin", "http://localhost:1", "cross_site_request")]
    [InlineData("Sec-Fetch-Site", "cross-site", "cross_site_request")]
    [InlineData("Sec-Fetch-Site", "same-site", "cross_site_request")]
    public async Task NoKeys_AnotherSitesRequest_IsForbidden(string header, string value, string code)
    {
        await using var server = await TestServer.StartAsync(routes: [Probe.Owner("POST")]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/probe");
        request.Headers.TryAddWithoutValidation(header, value);
        Assert.Equal(code, (await (await server.Client.SendAsync(request)).ErrorAsync(HttpStatusCode.Forbidden)).Code);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.2")]
    [InlineData("[::1]")]
    public async Task NoKeys_OwnPageUnderALoopbackName_IsLetIn(string name)
    {
        await using var server = await TestServer.StartAsync(routes: [Probe.Owner("POST")]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/probe");
        request.Headers.Host = $"{name}:{server.Address.Port}";
        request.Headers.Add("Origin", $"http://{name}:{server.Address.Port}");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        Assert.Equal(HttpStatusCode.OK, (await server.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Keys_GoodKey_IsItsOwner()
    {
        await using var server = await TestServer.StartAsync(routes: [Probe.Owner()]);
        server.Keys.Create("other", "berta");
        var created = server.Keys.Create("laptop", "anna");
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", created.Secret);
        Assert.Equal("anna", await server.Client.GetStringAsync("/v1/probe"));
    }

    [Theory]
    [InlineData(null, "missing_api_key")]
    [InlineData("Bearer wrong", "invalid_api_key")]
    [InlineData("Basic abc", "invalid_api_key")]
    [InlineData("Bearer ", "invalid_api_key")]
    public async Task Keys_NoGoodKey_IsUnauthorized(string? header, string code)
    {
        await using var server = await TestServer.StartAsync(routes: [Probe.Owner()]);
        server.Keys.Create("laptop", "anna");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/probe");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        var response = await server.Client.SendAsync(request);
        Assert.Equal(code, (await response.ErrorAsync(HttpStatusCode.Unauthorized)).Code);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Keys_AllRevoked_StaysClosed()
    {
        await using var server = await TestServer.StartAsync(routes: [Probe.Owner()]);
        var created = server.Keys.Create("laptop", null);
        server.Keys.Revoke(created.Key.Id);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", created.Secret);
        await (await server.Client.GetAsync("/v1/probe")).ErrorAsync(HttpStatusCode.Unauthorized);
    }
}
