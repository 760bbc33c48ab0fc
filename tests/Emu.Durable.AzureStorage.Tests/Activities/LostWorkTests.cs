using System.Text.Json;
using Emu.Conformance.Azurite;
using Emu.Conformance.Orchestration;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.AzureStorage.Activities;
using Emu.Durable.AzureStorage.Hub;

namespace Emu.Durable.AzureStorage.Tests.Activities;

/// <summary>Work that a process took and never finished, as if it had been killed; and work that waits for a process.</summary>
public sealed class LostWorkTests(AzuriteServer azurite) : EngineConformance
{
    private AzureStorageFixture _fixture = null!;

    protected override IEngineFixture CreateFixture() => _fixture = new AzureStorageFixture(azurite);

    [Fact]
    public async Task Activity_ItsProcessIsLost_RunsInAnotherOne()
    {
        var attempts = new List<int>();
        var call = Orchestration<int, int>("call", (context, _) => context.CallActivityAsync<int>("work", 3));
        var work = Activity<int, int>("work", (input, invocation, _) =>
        {
            attempts.Add(invocation.Attempt);
            return Task.FromResult(input);
        });
        await LoseAsync(call, work);
        await Engine.StartAsync([call], [work]);
        Assert.Equal(3, await OutputAsync<int>());
        Assert.Equal([1], attempts);
    }

    [Fact]
    public async Task Activity_LostOftenerThanAllowed_FailsAsWorkerLost()
    {
        var orchestration = Orchestration<int, int>("call", (context, _) => context.CallActivityAsync<int>("work", 3));
        var work = Activity<int, int>("work", input => input);
        await LoseAsync(orchestration, work);
        await using var engine = new AzureStorageEngine(_fixture.Options with { MaximumDeliveries = 1 }, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        engine.AddOrchestration(orchestration).AddActivity(work);
        await engine.StartAsync(Token);
        OrchestrationStatus? status = null;
        await UntilAsync(async () => (status = await engine.GetStatusAsync("instance", Token)) is { RuntimeStatus: > OrchestrationRuntimeStatus.Running });
        Assert.Equal(OrchestrationRuntimeStatus.Failed, status!.RuntimeStatus);
        Assert.Equal("worker_lost", status.Failure!.Code);
    }

    [Fact]
    public async Task RaiseEvent_NoProcessIsUp_WaitsForTheInstanceAndArrivesOnce()
    {
        var wait = Orchestration<int, string[]>("wait", async (context, _) => [await context.WaitForEventAsync<string>("cancel"), await context.WaitForEventAsync<string>("cancel")]);
        var account = new StorageAccount(_fixture.Options.Storage);
        var hub = await TaskHub.OpenAsync(account.Blobs, _fixture.Options, Token);
        using var service = new global::DurableTask.AzureStorage.AzureStorageOrchestrationService(
            HubSettings.Create(_fixture.Options, hub, account, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance));
        await service.CreateIfNotExistsAsync();
        var instances = new HubInstances(service);
        var queues = new ActivityQueues(_fixture.Options.TaskHub, account, new ActivityRegistry(_fixture.Options.Groups()));
        await queues.CreateAsync(Token);
        Assert.True(await instances.StartAsync(wait, "instance", "null"));
        var events = new EarlyEvents(instances, queues);

        // The first one twice, as a queue may deliver it.
        var first = RaisedEvent.Write("\"first\"");
        await events.RaiseAsync("instance", "cancel", first, Token);
        await events.RaiseAsync("instance", "cancel", first, Token);
        await events.RaiseAsync("instance", "cancel", RaisedEvent.Write("\"second\""), Token);
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await instances.FindStatusAsync("instance"))!.RuntimeStatus);

        await Engine.StartAsync([wait], []);
        Assert.Equal(["first", "second"], (await OutputAsync<string[]>()).Order());
    }

    [Theory]
    [InlineData(20_000)]
    [InlineData(70_000)]
    [InlineData(950_000)]
    public async Task Payload_OfSize_TravelsEverywhere(int size)
    {
        var text = new string('x', size);
        var parent = Orchestration<string, string>("parent", async (context, input) =>
            await context.CallChildAsync<string>("child", "child", await context.CallActivityAsync<string>("echo", input)));
        var child = Orchestration<string, string>("child", async (context, input) =>
        {
            context.SetStatus("waiting");
            var payload = await context.WaitForEventAsync<string>("go");
            return payload.Length == input.Length ? input : "";
        });
        await StartAsync([parent, child], [Activity<string, string>("echo", input => input)], text);
        await StatusAsync(status => status.CustomStatus == "waiting", "child");
        await Engine.Client.RaiseEventAsync("child", "go", text, Token);
        Assert.Equal(text, await OutputAsync<string>());
    }

    [Fact]
    public async Task Version_OfRunningInstance_StaysAfterRestart()
    {
        static TestOrchestration<JsonElement, string> Wait(string version) =>
            new("wait", async (context, _) => $"{version} {await context.WaitForEventAsync<string>("go")}", version);
        await StartAsync([Wait("1")], []);
        await StatusAsync(status => status.RuntimeStatus == OrchestrationRuntimeStatus.Running);
        await Engine.DisposeAsync();
        await using var engine = _fixture.Create([Wait("2")], []);
        engine.AddEarlierVersion(Wait("1"));
        await engine.StartAsync(Token);
        await engine.StartIfAbsentAsync("wait", "new", null, Token);
        await engine.RaiseEventAsync("instance", "go", "event", Token);
        await engine.RaiseEventAsync("new", "go", "event", Token);
        foreach (var (id, expected) in new[] { ("instance", "1 event"), ("new", "2 event") })
        {
            OrchestrationStatus? status = null;
            await UntilAsync(async () => (status = await engine.GetStatusAsync(id, Token)) is { RuntimeStatus: > OrchestrationRuntimeStatus.Running });
            Assert.Equal(expected, status!.Output?.GetString());
        }
    }

    // An engine that takes no activities schedules the call; then the call is taken, and whoever took it is gone.
    private async Task LoseAsync(IOrchestration orchestration, IActivity activity)
    {
        var options = _fixture.Options with { Activities = new TakenActivities([], DefaultGroup: false) };
        await using var engine = new AzureStorageEngine(options, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        engine.AddOrchestration(orchestration).AddActivity(activity);
        await engine.StartAsync(Token);
        await engine.StartIfAbsentAsync(orchestration.Name, "instance", null, Token);
        var queues = new ActivityQueues(options.TaskHub, new StorageAccount(options.Storage), new ActivityRegistry(options.Groups()));
        await UntilAsync(async () => (await queues.TakeAsync(queues.NameOf(null), 1, TimeSpan.FromSeconds(1), Token)).Count == 1);
    }
}
