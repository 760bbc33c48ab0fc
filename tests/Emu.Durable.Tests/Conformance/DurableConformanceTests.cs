using Emu.Conformance.Orchestration;

namespace Emu.Durable.Tests.Conformance;

// The port's suite on every way to run the engine: in memory, on disk, and on disk with every turn replayed from the history.
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
