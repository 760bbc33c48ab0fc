using Emu.Conformance.Orchestration;

namespace Emu.Functions.Tests.Durable;

// The conformance suite through functions. Restarts are the real host's, and not tried here.
public sealed class FunctionsInstanceTests : InstanceConformance
{
    protected override IEngineFixture CreateFixture() => new FunctionsFixture();
}

public sealed class FunctionsActivityTests : ActivityConformance
{
    protected override IEngineFixture CreateFixture() => new FunctionsFixture();
}

public sealed class FunctionsEventTests : EventConformance
{
    protected override IEngineFixture CreateFixture() => new FunctionsFixture();
}

public sealed class FunctionsChildTests : ChildConformance
{
    protected override IEngineFixture CreateFixture() => new FunctionsFixture();
}
