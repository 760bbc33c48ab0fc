using Emu.Conformance.Orchestration;

namespace Emu.Durable.Tests.Replay;

public sealed class VersionTests
{
    [Fact]
    public async Task Restart_NewVersion_OldInstancesKeepTheirVersion()
    {
        using var folder = new TemporaryFolder();
        await using (var engine = await EngineBuilder.Engine(folder).AddOrchestration(Version("1")).StartedAsync())
        {
            await engine.StartIfAbsentAsync("job", "old", null, EngineBuilder.Token);
        }

        await using var upgraded = await EngineBuilder.Engine(folder).AddOrchestration(Version("2")).AddEarlierVersion(Version("1")).StartedAsync();
        await upgraded.StartIfAbsentAsync("job", "new", null, EngineBuilder.Token);
        await upgraded.RaiseEventAsync("old", "go", "x", EngineBuilder.Token);
        await upgraded.RaiseEventAsync("new", "go", "x", EngineBuilder.Token);
        Assert.Equal("version 1: x", (await upgraded.WaitForEndAsync("old", EngineBuilder.Token))!.Output!.Value.GetString());
        Assert.Equal("version 2: x", (await upgraded.WaitForEndAsync("new", EngineBuilder.Token))!.Output!.Value.GetString());
    }

    [Fact]
    public async Task Restart_VersionNotRegistered_FailsAndNamesTheRegisteredOnes()
    {
        using var folder = new TemporaryFolder();
        await using (var engine = await EngineBuilder.Engine(folder).AddOrchestration(Version("1")).StartedAsync())
        {
            await engine.StartIfAbsentAsync("job", "old", null, EngineBuilder.Token);
        }

        await using var upgraded = await EngineBuilder.Engine(folder).AddOrchestration(Version("2")).StartedAsync();
        await upgraded.RaiseEventAsync("old", "go", "x", EngineBuilder.Token);
        var failure = (await upgraded.WaitForEndAsync("old", EngineBuilder.Token))!.Failure!;
        Assert.Equal("version_not_found", failure.Code);
        Assert.Contains("'1'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'2'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddOrchestration_Twice_IsRefused()
    {
        var engine = EngineBuilder.Engine().AddOrchestration(Version("1"));
        Assert.Throws<ArgumentException>(() => engine.AddOrchestration(Version("1")));
        Assert.Throws<ArgumentException>(() => engine.AddOrchestration(Version("2")));
        engine.AddEarlierVersion(Version("0"));
    }

    private static TestOrchestration<object?, string> Version(string version) =>
        new("job", async (context, _) => $"version {version}: {await context.WaitForEventAsync<string>("go")}", version);
}
