using Emu.Conformance.Orchestration;
using Emu.Durable.Abstractions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Durable.Tests.Conformance;

/// <summary>The embedded engine, on a folder of its own or in memory.</summary>
internal sealed class DurableEngineFixture(DurableEngineOptions options, TemporaryFolder? folder) : IEngineFixture
{
    private IReadOnlyList<IOrchestration> orchestrations = [];
    private IReadOnlyList<IActivity> activities = [];
    private DurableEngine? engine;

    public IOrchestrationClient Client => engine!;

    public static DurableEngineFixture InMemory() => new(new DurableEngineOptions(), null);

    public static DurableEngineFixture OnDisk(int maximumCachedInstances = 1_000)
    {
        var folder = new TemporaryFolder();
        return new DurableEngineFixture(new DurableEngineOptions { DataFolder = folder.Path, MaximumCachedInstances = maximumCachedInstances }, folder);
    }

    public async Task StartAsync(IReadOnlyList<IOrchestration> orchestrations, IReadOnlyList<IActivity> activities)
    {
        (this.orchestrations, this.activities) = (orchestrations, activities);
        engine = new DurableEngine(options, NullLogger<DurableEngine>.Instance);
        foreach (var orchestration in orchestrations)
        {
            engine.AddOrchestration(orchestration);
        }

        foreach (var activity in activities)
        {
            engine.AddActivity(activity);
        }

        await engine.StartAsync(CancellationToken.None);
    }

    public async Task RestartAsync()
    {
        await engine!.DisposeAsync();
        await StartAsync(orchestrations, activities);
    }

    public async ValueTask DisposeAsync()
    {
        if (engine is not null)
        {
            await engine.DisposeAsync();
        }

        folder?.Dispose();
    }
}
