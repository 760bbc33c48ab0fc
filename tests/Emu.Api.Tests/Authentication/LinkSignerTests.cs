using System.Net;
using Emu.Api.Routing;
using Emu.Api.Tests.Server;

namespace Emu.Api.Tests.Authentication;

public sealed class LinkSignerTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(time: _time, routes: [Probe.Owner(template: "/v1/things/{id}", access: ApiAccess.KeyOrSignedLink), Probe.Owner()]);
        _server.Keys.Create("laptop", null);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Sign_BeforeItExpires_LetsInWithoutAKey()
    {
        var link = _server.Links.Sign("/v1/things/1", "gif", _time.GetUtcNow().AddMinutes(1));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("no caller", await _server.Client.GetStringAsync(link));
    }

    [Fact]
    public async Task Sign_AfterItExpired_IsRefused()
    {
        var link = _server.Links.Sign("/v1/things/1", null, _time.GetUtcNow().AddMinutes(1));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("expired_link", (await (await _server.Client.GetAsync(link)).ErrorAsync(HttpStatusCode.Forbidden)).Code);
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
        var link = _server.Links.Sign("/v1/things/1", "gif", _time.GetUtcNow().AddMinutes(1)).Replace(part, other, StringComparison.Ordinal);
        Assert.Equal("invalid_link", (await (await _server.Client.GetAsync(link)).ErrorAsync(HttpStatusCode.Forbidden)).Code);
    }

    [Fact]
    public async Task Sign_OfARouteThatTakesNoLinks_IsNotEnough()
    {
        var link = _server.Links.Sign("/v1/probe", null, _time.GetUtcNow().AddMinutes(1));
        await (await _server.Client.GetAsync(link)).ErrorAsync(HttpStatusCode.Unauthorized);
    }
}
