using Emu.Conformance.Orchestration;

namespace Emu.Durable.Scheduler.Tests.Conformance;

// The conformance suite on the scheduler: every test on a server of its own.
public sealed class SchedulerInstanceTests : InstanceConformance
{
    protected override IEngineFixture CreateFixture() => new SchedulerFixture();
}

public sealed class SchedulerActivityTests : ActivityConformance
{
    protected override IEngineFixture CreateFixture() => new SchedulerFixture();
}

public sealed class SchedulerEventTests : EventConformance
{
    protected override IEngineFixture CreateFixture() => new SchedulerFixture();
}

public sealed class SchedulerChildTests : ChildConformance
{
    protected override IEngineFixture CreateFixture() => new SchedulerFixture();
}

public sealed class SchedulerRestartTests : RestartConformance
{
    protected override IEngineFixture CreateFixture() => new SchedulerFixture();
}
