using System.Net;
using Emu.Api.Limits;
using Emu.Api.Tests.Server;
using Emu.Pipeline.Artifacts;

namespace Emu.Api.Tests.Routing;

public sealed class ApiDispatcherTests
{
    [Fact]
    public async Task UnknownPath_Is404InOpenAIsShape()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal("unknown_url", (await (await server.Client.GetAsync("/v1/nothing")).ErrorAsync(HttpStatusCode.NotFound)).Code);
    }

    [Fact]
    public async Task WrongMethod_Is405AndNamesTheRightOnes()
    {
        await using var server = await TestServer.StartAsync(routes: [Probe.Owner()]);
        var response = await server.Client.PutAsync("/v1/probe", null);
        Assert.Equal("method_not_allowed", (await response.ErrorAsync(HttpStatusCode.MethodNotAllowed)).Code);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task HandlerThrows_Is500WithoutItsMessage()
    {
        await using var server = await TestServer.StartAsync(routes: [Probe.Route("GET", "/v1/probe", (_, _) => throw new InvalidOperationException("secret"))]);
        var response = await server.Client.GetAsync("/v1/probe");
        var error = await response.ErrorAsync(HttpStatusCode.InternalServerError);
        Assert.Equal(("server_error", "internal_error"), (error.Type, error.Code));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Contains(response.Headers.GetValues("x-request-id").Single(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoreUnreachable_Is503AndSaysWhenToComeBack()
    {
        await using var server = await TestServer.StartAsync(routes: [Probe.Route("GET", "/v1/probe", (_, _) => throw new ArtifactStoreException("lost", retryable: true))]);
        var response = await server.Client.GetAsync("/v1/probe");
        Assert.Equal("store_unavailable", (await response.ErrorAsync(HttpStatusCode.ServiceUnavailable)).Code);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task MoreThanTheBurst_Is429AndSaysWhenToComeBack()
    {
        await using var server = await TestServer.StartAsync(new ApiLimits { RequestBurst = 3, RequestsPerSecond = 1 }, routes: [Probe.Owner()]);
        for (var index = 0; index < 3; index++)
        {
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/v1/probe")).StatusCode);
        }

        var response = await server.Client.GetAsync("/v1/probe");
        var error = await response.ErrorAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal(("requests", "rate_limit_exceeded"), (error.Type, error.Code));
        Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Docs_Page_IsServedWithItsScript()
    {
        await using var server = await TestServer.StartAsync();
        var page = await server.Client.GetAsync("/docs");
        if (page.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.MovedPermanently or HttpStatusCode.Found)
        {
            page = await server.Client.GetAsync(page.Headers.Location);
        }

        var html = await page.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.DoesNotContain("cdn.", html, StringComparison.Ordinal);
    }
}
