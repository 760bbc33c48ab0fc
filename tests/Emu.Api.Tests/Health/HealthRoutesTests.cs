using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Emu.Api.Tests.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Emu.Api.Tests.Health;

public sealed class HealthRoutesTests
{
    [Fact]
    public async Task Live_KeysExist_NeedsNone()
    {
        await using var server = await TestServer.StartAsync();
        server.Keys.Create("laptop", null);
        var health = await (await server.Client.GetAsync("/health/live")).JsonAsync();
        Assert.Equal("""{"status":"ok","checks":{}}""", health.GetRawText());
    }

    [Fact]
    public async Task Ready_NoModel_Is503AndNamesTheCheck()
    {
        await using var server = await TestServer.StartAsync();
        var health = await (await server.Client.GetAsync("/health/ready")).JsonAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("""{"status":"unavailable","checks":{"models":"none is published","store":"ok"}}""", health.GetRawText());
    }

    [Fact]
    public async Task Ready_HostsCheck_IsListed()
    {
        await using var server = await TestServer.StartAsync(configure: services => services.AddHealthChecks().AddCheck("engine", () => HealthCheckResult.Unhealthy("has stopped")));
        Assert.Equal("has stopped", Check(await ReadyAsync(server), "engine"));
    }

    [Fact]
    public async Task Ready_CheckThrows_SaysOnlyThatItFailed()
    {
        await using var server = await TestServer.StartAsync(configure: services => services.AddHealthChecks().AddCheck("engine", () => throw new IOException("/secret/path")));
        Assert.Equal("failed", Check(await ReadyAsync(server), "engine"));
    }

    [Fact]
    public async Task Ready_CheckDoesNotReturn_TimesOut()
    {
        await using var server = await TestServer.StartAsync(configure: services => services.AddHealthChecks().AddAsyncCheck("engine", async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return HealthCheckResult.Healthy();
        }));
        Assert.Equal("no response within 5 seconds", Check(await ReadyAsync(server), "engine"));
    }

    [Fact]
    public async Task Ready_WholeServer_IsOk()
    {
        await using var server = new PipelineServer();
        await server.InitializeAsync();
        var health = await (await server.Client.GetAsync("/health/ready")).JsonAsync();
        Assert.Equal("ok", health.GetProperty("status").GetString());
        Assert.Equal(["engine", "models", "store"], health.GetProperty("checks").EnumerateObject().Select(check => check.Name).Order());
    }

    [Fact]
    public async Task Ready_BelowTheDiskReserve_SaysThatCreationsAreRefusedAndWhy()
    {
        await using var server = new PipelineServer { DiskReserve = long.MaxValue };
        await server.InitializeAsync();
        var refused = await server.Client.PostAsJsonAsync("/v1/videos", new { prompt = "a fox" }).ErrorAsync(HttpStatusCode.ServiceUnavailable);
        var health = await server.Client.GetAsync("/health/ready").JsonAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(("insufficient_storage", "unavailable"), (refused.Code, health.GetProperty("status").GetString()));
        Assert.Contains("kept in reserve", Check(health, "store"), StringComparison.Ordinal);

        // The process works, and jobs that exist are served.
        await server.Client.GetAsync("/health/live").JsonAsync();
        await server.Client.GetAsync("/v1/videos").JsonAsync();

        await server.StopAsync();
        server.DiskReserve = 1;
        await server.StartAsync();
        await server.Client.GetAsync("/health/ready").JsonAsync();
        await server.CreateAsync(new { prompt = "a fox" });
    }

    private static async Task<JsonElement> ReadyAsync(TestServer server) => await (await server.Client.GetAsync("/health/ready")).JsonAsync(HttpStatusCode.ServiceUnavailable);

    private static string? Check(JsonElement health, string name) => health.GetProperty("checks").GetProperty(name).GetString();
}
