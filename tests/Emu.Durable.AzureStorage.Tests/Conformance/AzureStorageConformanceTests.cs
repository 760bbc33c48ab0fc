using Emu.Conformance.Azurite;
using Emu.Conformance.Orchestration;

namespace Emu.Durable.AzureStorage.Tests.Conformance;

// The conformance suite on Azure Storage: every test on a hub of its own.
public sealed class AzureStorageInstanceTests(AzuriteServer azurite) : InstanceConformance
{
    protected override IEngineFixture CreateFixture() => new AzureStorageFixture(azurite);
}

public sealed class AzureStorageActivityTests(AzuriteServer azurite) : ActivityConformance
{
    protected override IEngineFixture CreateFixture() => new AzureStorageFixture(azurite);
}

public sealed class AzureStorageEventTests(AzuriteServer azurite) : EventConformance
{
    protected override IEngineFixture CreateFixture() => new AzureStorageFixture(azurite);
}

public sealed class AzureStorageChildTests(AzuriteServer azurite) : ChildConformance
{
    protected override IEngineFixture CreateFixture() => new AzureStorageFixture(azurite);
}

public sealed class AzureStorageRestartTests(AzuriteServer azurite) : RestartConformance
{
    protected override IEngineFixture CreateFixture() => new AzureStorageFixture(azurite);
}
