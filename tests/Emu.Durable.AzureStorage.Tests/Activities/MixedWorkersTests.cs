using System.Collections.Concurrent;
using System.Text.Json;
using Emu.Conformance.Azurite;
using Emu.Conformance.Orchestration;
using Emu.Durable.Abstractions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Durable.AzureStorage.Tests.Activities;

/// <summary>Processes of one hub that take different activities.</summary>
public sealed class MixedWorkersTests(AzuriteServer azurite)
{
    private const string Group = "model";

    [Fact]
    public async Task Activities_EachProcessNamesItsOwn_RunWhereTheyAreTaken()
    {
        var ran = new ConcurrentDictionary<string, string>();
        var options = new AzureStorageFixture(azurite).Options;
        await using var graphics = Create(options with { Activities = new TakenActivities(["keyframe", "animate"], DefaultGroup: false) }, "graphics", ran);
        await using var office = Create(options with { Activities = new TakenActivities(["encode"], DefaultGroup: true) }, "office", ran);
        await graphics.StartAsync(Token);
        await office.StartAsync(Token);
        await office.StartIfAbsentAsync("job", "job", null, Token);
        await EndAsync(office, "job");
        Assert.Equal(
            new Dictionary<string, string> { ["keyframe"] = "graphics", ["animate"] = "graphics", ["encode"] = "office", ["finish"] = "office" },
            ran.ToDictionary());
    }

    [Fact]
    public async Task ActivityGroups_OneAtATime_NeverRunsTwoAtOnce()
    {
        var running = 0;
        var most = 0;
        var options = new AzureStorageFixture(azurite).Options with { ActivityGroups = new Dictionary<string, int> { [Group] = 1 } };
        await using var engine = new AzureStorageEngine(options, NullLoggerFactory.Instance);
        engine.AddOrchestration(new TestOrchestration<JsonElement, int>("fan", async (context, _) =>
            (await Task.WhenAll(Enumerable.Range(0, 5).Select(index => context.CallActivityAsync<int>(index % 2 == 0 ? "animate" : "upsample", index)))).Sum()));
        foreach (var name in new[] { "animate", "upsample" })
        {
            engine.AddActivity(
                new TestActivity<int, int>(name, async (input, _, token) =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref running));
                    await Task.Delay(20, token);
                    Interlocked.Decrement(ref running);
                    return input;
                }),
                Group);
        }

        await engine.StartAsync(Token);
        await engine.StartIfAbsentAsync("fan", "fan", null, Token);
        Assert.Equal(10, (await EndAsync(engine, "fan")).Output!.Value.GetInt32());
        Assert.Equal(1, most);
    }

    [Theory]
    [InlineData("")]
    [InlineData("default")]
    [InlineData("a b")]
    [InlineData("a__b")]
    [InlineData("_a")]
    [InlineData("a-very-long-name-that-no-queue-could-have")]
    public async Task AddActivity_NameThatNoQueueCanHave_Throws(string name)
    {
        await using var engine = new AzureStorageEngine(new AzureStorageFixture(azurite).Options with { ActivityGroups = new Dictionary<string, int> { [Group] = 1 } }, NullLoggerFactory.Instance);
        Assert.ThrowsAny<ArgumentException>(() => engine.AddActivity(new TestActivity<int, int>(name, input => input), Group));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static AzureStorageEngine Create(AzureStorageEngineOptions options, string process, ConcurrentDictionary<string, string> ran)
    {
        var engine = new AzureStorageEngine(options with { ActivityGroups = new Dictionary<string, int> { [Group] = 1 } }, NullLoggerFactory.Instance);
        engine.AddOrchestration(new TestOrchestration<JsonElement, int>("job", async (context, _) =>
        {
            foreach (var name in new[] { "keyframe", "animate", "encode", "finish" })
            {
                await context.CallActivityAsync<int>(name, 0);
            }

            return 0;
        }));
        foreach (var name in new[] { "keyframe", "animate", "encode" })
        {
            engine.AddActivity(Note(name), Group);
        }

        return engine.AddActivity(Note("finish"));

        TestActivity<int, int> Note(string name) => new(name, input =>
        {
            ran[name] = process;
            return input;
        });
    }

    private static async Task<OrchestrationStatus> EndAsync(AzureStorageEngine engine, string id)
    {
        while (true)
        {
            if (await engine.GetStatusAsync(id, Token) is { RuntimeStatus: > OrchestrationRuntimeStatus.Running } status)
            {
                Assert.Null(status.Failure);
                return status;
            }

            await Task.Delay(50, Token);
        }
    }
}
