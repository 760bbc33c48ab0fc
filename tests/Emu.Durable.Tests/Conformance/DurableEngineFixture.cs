using Emu.Conformance.Orchestration;
using Emu.Durable.Abstractions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Durable.Tests.Conformance;

/// <summary>The embedded engine, on a folder of its own or in memory.</summary>
internal sealed class DurableEngineFixture(DurableEngineOptions options, TemporaryFolder? folder) : IEngineFixture
{
    private IReadOnlyList<IOrchestration> _orchestrations = [];
    private IReadOnlyList<IActivity> _activities = [];
    private DurableEngine? _engine;

    public IOrchestrationClient Client => _engine!;

    public static DurableEngineFixture InMemory() => new(new DurableEngineOptions(), null);

    public static DurableEngineFixture OnDisk(int maximumCachedInstances = 1_000)
    {
        var folder = new TemporaryFolder();
        return new DurableEngineFixture(new DurableEngineOptions { DataFolder = folder.Path, MaximumCachedInstances = maximumCachedInstances }, folder);
    }

    public async Task StartAsync(IReadOnlyList<IOrchestration> orchestrations, IReadOnlyList<IActivity> activities)
    {
        (this._orchestrations, this._activities) = (orchestrations, activities);
        _engine = new DurableEngine(options, NullLogger<DurableEngine>.Instance);
        foreach (var orchestration in orchestrations)
        {
            _engine.AddOrchestration(orchestration);
        }

        foreach (var activity in activities)
        {
            _engine.AddActivity(activity);
        }

        await _engine.StartAsync(CancellationToken.None);
    }

    public async Task RestartAsync()
    {
        await _engine!.DisposeAsync();
        await StartAsync(_orchestrations, _activities);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        folder?.Dispose();
    }
}
