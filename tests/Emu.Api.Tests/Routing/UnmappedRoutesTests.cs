using System.Net;
using System.Text;
using Emu.Api.Tests.Fuzzing;
using Emu.Api.Tests.Server;
using Emu.Pipeline.Jobs;

namespace Emu.Api.Tests.Routing;

/// <summary>Paths and methods that no route handles, and those of the documentation.</summary>
public sealed class UnmappedRoutesTests
{
    [Theory]
    [InlineData("POST", "/v1/images/variations")]
    [InlineData("POST", "/v1/videos/edits")]
    [InlineData("POST", "/v1/videos/extensions")]
    [InlineData("POST", "/v1/videos/characters")]
    [InlineData("PUT", "/v1/videos/edits/content")]
    [InlineData("OPTIONS", "/v1/images/variations")]
    [InlineData("OPTIONS", "/v1/nothing")]
    public async Task RouteOfOpenAIThatDoesNotExist_Is404(string method, string path)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var response = await server.Client.SendAsync(request);
        Assert.Equal("unknown_url", (await response.ErrorAsync(HttpStatusCode.NotFound)).Code);
        Assert.Empty(response.Content.Headers.Allow);
    }

    [Fact]
    public async Task WrongMethodOnAnId_Is405AndNamesTheRightOnes()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var (path, methods) in new[]
        {
            ($"/v1/videos/{JobId.New(JobKind.Video, DateTimeOffset.UtcNow)}", new[] { "DELETE", "GET", "HEAD" }),
            ($"/v1/images/{JobId.New(JobKind.Image, DateTimeOffset.UtcNow)}", ["DELETE", "GET", "HEAD"]),
            ("/v1/models/sticker", ["GET", "HEAD"]),
        })
        {
            var response = await server.Client.PatchAsync(path, null);
            await response.ErrorAsync(HttpStatusCode.MethodNotAllowed);
            Assert.Equal(methods, response.Content.Headers.Allow.Order());
        }
    }

    [Theory]
    [InlineData("/v1/videos", "GET, HEAD, OPTIONS, POST")]
    [InlineData("/v1/images/generations", "OPTIONS, POST")]
    [InlineData("/v1/images/edits", "GET, HEAD, OPTIONS, POST")]
    [InlineData("/health/live", "GET, HEAD, OPTIONS")]
    [InlineData("/docs/", "GET, HEAD, OPTIONS")]
    [InlineData("/openapi/v1.json", "GET, HEAD, OPTIONS")]
    public async Task Options_OfAPath_ListsItsMethods(string path, string methods)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        var response = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(methods, string.Join(", ", response.Content.Headers.Allow.Order()));
    }

    [Fact]
    public async Task Options_OfTheWholeServer_ListsEveryMethod()
    {
        await using var server = await TestServer.StartAsync();
        var request = Encoding.ASCII.GetBytes($"OPTIONS * HTTP/1.1\r\nHost: {server.Address.Authority}\r\nConnection: close\r\n\r\n");
        var (status, text) = await RawHttp.SendAsync(server.Address, request, closeSending: false);
        Assert.Equal(204, status);
        Assert.Contains("\r\nAllow: DELETE, GET, HEAD, OPTIONS, POST\r\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/docs")]
    [InlineData("/docs/")]
    [InlineData("/docs/v1")]
    [InlineData("/docs/scalar.js")]
    [InlineData("/docs/scalar.aspnetcore.js")]
    [InlineData("/docs/favicon.svg")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Head_IsGetWithoutTheBody(string path)
    {
        await using var server = await TestServer.StartAsync();
        var get = await server.Client.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        var head = await server.Client.SendAsync(request);
        Assert.Equal((get.StatusCode, get.Headers.Location, get.Content.Headers.ContentType), (head.StatusCode, head.Headers.Location, head.Content.Headers.ContentType));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }
}
