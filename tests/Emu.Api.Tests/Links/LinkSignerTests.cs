using System.Net;
using Emu.Api.Routing;
using Emu.Api.Tests.Server;

namespace Emu.Api.Tests.Links;

public sealed class LinkSignerTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private TestServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync(time: time, routes: [Probe.Owner(template: "/v1/things/{id}", access: ApiAccess.KeyOrSignedLink), Probe.Owner()]);
        server.Keys.Create("somebody", null);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Sign_BeforeItExpires_LetsInWithoutAKey()
    {
        var link = server.Links.Sign("/v1/things/1", "gif", time.GetUtcNow().AddMinutes(1));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("nobody", await server.Client.GetStringAsync(link));
    }

    [Fact]
    public async Task Sign_AfterItExpired_IsRefused()
    {
        var link = server.Links.Sign("/v1/things/1", null, time.GetUtcNow().AddMinutes(1));
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("expired_link", (await (await server.Client.GetAsync(link)).ErrorAsync(HttpStatusCode.Forbidden)).Code);
    }

    [Theory]
    [InlineData("things/1", "things/2")]
    [InlineData("variant=gif", "variant=webp")]
    [InlineData("variant=gif&", "")]
    [InlineData("expires=1", "expires=2")]
    [InlineData("signature=", "signature=A")]
    [InlineData("signature=", "signature=&x=")]
    public async Task Sign_ChangedAnywhere_IsRefused(string part, string other)
    {
        var link = server.Links.Sign("/v1/things/1", "gif", time.GetUtcNow().AddMinutes(1)).Replace(part, other, StringComparison.Ordinal);
        Assert.Equal("invalid_link", (await (await server.Client.GetAsync(link)).ErrorAsync(HttpStatusCode.Forbidden)).Code);
    }

    [Fact]
    public async Task Sign_OfARouteThatTakesNoLinks_IsNotEnough()
    {
        var link = server.Links.Sign("/v1/probe", null, time.GetUtcNow().AddMinutes(1));
        await (await server.Client.GetAsync(link)).ErrorAsync(HttpStatusCode.Unauthorized);
    }
}
