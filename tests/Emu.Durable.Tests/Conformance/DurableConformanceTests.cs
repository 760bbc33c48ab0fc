using Emu.Conformance.Orchestration;
using Emu.Durable.Abstractions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Durable.Tests.Conformance;

// The conformance suite on every configuration of the engine: in memory, on disk, and on disk with every turn replayed from the history.
public sealed class MemoryInstanceTests : InstanceConformance
{
    protected override IEngineFixture CreateFixture() => DurableEngineFixture.InMemory();
}

public sealed class MemoryActivityTests : ActivityConformance
{
    protected override IEngineFixture CreateFixture() => DurableEngineFixture.InMemory();
}

public sealed class MemoryEventTests : EventConformance
{
    protected override IEngineFixture CreateFixture() => DurableEngineFixture.InMemory();
}

public sealed class MemoryChildTests : ChildConformance
{
    protected override IEngineFixture CreateFixture() => DurableEngineFixture.InMemory();
}

public sealed class DiskInstanceTests : InstanceConformance
{
    protected override IEngineFixture CreateFixture() => DurableEngineFixture.OnDisk();
}

public sealed class DiskActivityTests : ActivityConformance
{
    protected override IEngineFixture CreateFixture() => DurableEngineFixture.OnDisk();
}

public sealed class DiskEventTests : EventConformance
{
    protected override IEngineFixture CreateFixture() => DurableEngineFixture.OnDisk();
}

public sealed class DiskChildTests : ChildConformance
{
    protected override IEngineFixture CreateFixture() => DurableEngineFixture.OnDisk();
}

public sealed class DiskRestartTests : RestartConformance
{
    protected override IEngineFixture CreateFixture() => DurableEngineFixture.OnDisk();
}

public sealed class ReplayInstanceTests : InstanceConformance
{
    protected override IEngineFixture CreateFixture() => DurableEngineFixture.OnDisk(maximumCachedInstances: 0);
}

public sealed class ReplayActivityTests : ActivityConformance
{
    protected override IEngineFixture CreateFixture() => DurableEngineFixture.OnDisk(maximumCachedInstances: 0);
}

public sealed class ReplayEventTests : EventConformance
{
    protected override IEngineFixture CreateFixture() => DurableEngineFixture.OnDisk(maximumCachedInstances: 0);
}

public sealed class ReplayChildTests : ChildConformance
{
    protected override IEngineFixture CreateFixture() => DurableEngineFixture.OnDisk(maximumCachedInstances: 0);
}

public sealed class ReplayRestartTests : RestartConformance
{
    protected override IEngineFixture CreateFixture() => DurableEngineFixture.OnDisk(maximumCachedInstances: 0);
}

/// <summary>The embedded engine, on its own folder or in memory.</summary>
internal sealed class DurableEngineFixture(DurableEngineOptions options, TemporaryFolder? folder) : IEngineFixture
{
    private IReadOnlyList<IOrchestration> _orchestrations = [];
    private IReadOnlyList<IActivity> _activities = [];
    private DurableEngine? _engine;

    public EngineCapabilities Capabilities => EngineCapabilities.EventOrder | EngineCapabilities.Recursion;

    public IOrchestrationClient Client => _engine!;

    public static DurableEngineFixture InMemory() => new(new DurableEngineOptions(), null);

    public static DurableEngineFixture OnDisk(int maximumCachedInstances = 1_000)
    {
        var folder = new TemporaryFolder();
        return new DurableEngineFixture(new DurableEngineOptions { DataFolder = folder.Path, MaximumCachedInstances = maximumCachedInstances }, folder);
    }

    public async Task StartAsync(IReadOnlyList<IOrchestration> orchestrations, IReadOnlyList<IActivity> activities)
    {
        (_orchestrations, _activities) = (orchestrations, activities);
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
