using Emu.Conformance.Azurite;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Upkeep;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Emu.Pipeline.Tests.Upkeep;

public sealed class UpkeepServiceTests(AzuriteServer azurite) : IClassFixture<AzuriteServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upkeep_TwoHostsShareAContainer_RunsInOneAndThenInTheOther()
    {
        var container = $"upkeep-{Guid.NewGuid():N}";
        var ran = new List<string>();
        using var first = await StartAsync(container, "first", ran);
        await TestHost.WaitUntilAsync(() => Task.FromResult(Ran(ran).SequenceEqual(["first"])));
        using var second = await StartAsync(container, "second", ran);

        await first.StopAsync(Cancellation);
        await TestHost.WaitUntilAsync(() => Task.FromResult(Ran(ran).Length > 1));
        Assert.Equal(["first", "second"], Ran(ran));
        await second.StopAsync(Cancellation);
    }

    private static string[] Ran(List<string> ran)
    {
        lock (ran)
        {
            return [.. ran];
        }
    }

    private async Task<IHost> StartAsync(string container, string name, List<string> ran)
    {
        var options = new ArtifactStoreOptions { Storage = azurite.Connection, Container = container, IsShared = true };
        var connection = await ArtifactStoreConnection.OpenAsync(options, Cancellation);
        var host = TestHost.Create(null, services => services
            .AddArtifactStore(connection)
            .AddUpkeepTask(_ => new UpkeepTask("test", token =>
            {
                lock (ran)
                {
                    ran.Add(name);
                }

                return Task.Delay(Timeout.Infinite, token);
            })));
        await host.StartAsync(Cancellation);
        return host;
    }
}
