using Emu.Conformance.Azurite;
using Emu.Conformance.Orchestration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Durable.AzureStorage.Tests.Activities;

/// <summary>Processes of one hub that take different activities.</summary>
public sealed class MixedWorkersTests(AzuriteServer azurite) : MixedWorkersConformance
{
    protected override IEngineFixture CreateFixture() => new AzureStorageFixture(azurite);

    [Theory]
    [InlineData("")]
    [InlineData("default")]
    [InlineData("a b")]
    [InlineData("a__b")]
    [InlineData("_a")]
    [InlineData("a-very-long-name-that-no-queue-could-have")]
    public async Task AddActivity_NameThatNoQueueCanHave_Throws(string name)
    {
        await using var engine = new AzureStorageEngine(new AzureStorageFixture(azurite).Options with { ActivityGroups = new Dictionary<string, int> { [ModelGroup] = 1 } }, NullLoggerFactory.Instance);
        Assert.ThrowsAny<ArgumentException>(() => engine.AddActivity(new TestActivity<int, int>(name, input => input), ModelGroup));
    }
}
