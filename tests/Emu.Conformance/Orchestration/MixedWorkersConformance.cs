using System.Collections.Concurrent;
using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;

namespace Emu.Conformance.Orchestration;

/// <summary>Processes of one hub that take different activities, and what becomes of work when one of them stops. For shared engines.</summary>
public abstract class MixedWorkersConformance : EngineConformance
{
    /// <summary>The group of activities of which one runs at a time.</summary>
    protected const string ModelGroup = "model";

    private ISharedEngineFixture Shared => (ISharedEngineFixture)Engine;

    [Fact]
    public async Task Activities_EachProcessNamesItsOwn_RunWhereTheyAreTaken()
    {
        var ran = new ConcurrentDictionary<string, string>();
        await RunMixedJobAsync(ran);
        Assert.Equal(
            new Dictionary<string, string> { ["keyframe"] = "graphics", ["animate"] = "graphics", ["encode"] = "office", ["finish"] = "office" },
            ran.ToDictionary());
    }

    [Fact]
    public async Task Activities_NobodyTakesThem_WaitForSomebodyWhoDoes()
    {
        var ran = new ConcurrentDictionary<string, string>();
        await using var office = await CreateJobAsync("office", ran, ["encode"], isOffice: true);
        await office.StartAsync(Token);
        await office.StartIfAbsentAsync("job", "job", null, Token);
        await using var graphics = await CreateJobAsync("graphics", ran, ["keyframe", "animate"], isOffice: false);
        await graphics.StartAsync(Token);
        await OutputOfAsync<int>(office, "job");
        Assert.Equal("graphics", ran["keyframe"]);
    }

    [Fact]
    public async Task ActivityGroups_OneAtATime_NeverRunsTwoAtOnce()
    {
        var running = 0;
        var most = 0;
        await using var engine = Shared.Create(await OptionsAsync());
        engine.Register(
            Orchestration<JsonElement, int>("fan", async (context, _) =>
                (await Task.WhenAll(Enumerable.Range(0, 5).Select(index => context.CallActivityAsync<int>(index % 2 == 0 ? "animate" : "upsample", index)))).Sum()),
            isCurrent: true);
        foreach (var name in new[] { "animate", "upsample" })
        {
            var activity = Activity<int, int>(name, async (input, _, token) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await Task.Delay(20, token);
                Interlocked.Decrement(ref running);
                return input;
            });
            engine.Register(activity, ModelGroup);
        }

        await engine.StartAsync(Token);
        await engine.StartIfAbsentAsync("fan", "fan", null, Token);
        Assert.Equal(10, await OutputOfAsync<int>(engine, "fan"));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Stop_RunningActivity_RunsInAnotherProcess()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = await OptionsAsync();
        await using var first = CreateCall(options, async token =>
        {
            begun.TrySetResult();
            await Task.Delay(System.Threading.Timeout.Infinite, token);
            return "first";
        });
        await first.StartAsync(Token);
        await first.StartIfAbsentAsync("call", "call", null, Token);
        await begun.Task.WaitAsync(Token);
        await first.StopAsync(Token);
        await using var second = CreateCall(options, _ => Task.FromResult("second"));
        await second.StartAsync(Token);
        Assert.Equal("second", await OutputOfAsync<string>(second, "call"));
    }

    [Fact]
    public async Task Stop_ActivityEndsDuringIt_ItsResultCounts()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = await OptionsAsync();
        await using var first = CreateCall(options, async token =>
        {
            begun.TrySetResult();
            await Task.Delay(System.Threading.Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return "checkpoint";
        });
        await first.StartAsync(Token);
        await first.StartIfAbsentAsync("call", "call", null, Token);
        await begun.Task.WaitAsync(Token);
        await first.StopAsync(Token);
        await using var second = CreateCall(options, _ => Task.FromResult("second"));
        await second.StartAsync(Token);
        Assert.Equal("checkpoint", await OutputOfAsync<string>(second, "call"));
    }

    [Fact]
    public async Task Stop_WithGrace_LetsTheActivityEndByItself()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var leaving = new CancellationTokenSource();
        var isCancelled = true;
        var options = await OptionsAsync();
        await using var first = CreateCall(options with { StopGrace = TimeSpan.FromSeconds(15) }, async token =>
        {
            begun.TrySetResult();
            await Task.Delay(System.Threading.Timeout.Infinite, leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            isCancelled = token.IsCancellationRequested;
            return "checkpoint";
        });
        await first.StartAsync(Token);
        await first.StartIfAbsentAsync("call", "call", null, Token);
        await begun.Task.WaitAsync(Token);
        var stopping = first.StopAsync(Token);
        await leaving.CancelAsync();
        await stopping;
        Assert.False(isCancelled);
        await using var second = CreateCall(options, _ => Task.FromResult("second"));
        await second.StartAsync(Token);
        Assert.Equal("checkpoint", await OutputOfAsync<string>(second, "call"));
    }

    [Fact]
    public async Task CallActivity_RegisteredNowhere_FailsInsteadOfWaiting()
    {
        await using var engine = Shared.Create(await OptionsAsync());
        engine.Register(Orchestration<JsonElement, int>("call", (context, _) => context.CallActivityAsync<int>("missing", 1)), isCurrent: true);
        await engine.StartAsync(Token);
        await engine.StartIfAbsentAsync("call", "call", null, Token);
        Assert.Equal("activity_not_found", (await EndOfAsync(engine, "call")).Failure!.Code);
    }

    /// <summary>Runs a job of four activities in two processes, of which one does what runs a model, and no orchestrations.</summary>
    /// <param name="ran">Gets where each activity ran.</param>
    protected async Task RunMixedJobAsync(IDictionary<string, string> ran)
    {
        await using var graphics = await CreateJobAsync("graphics", ran, ["keyframe", "animate"], isOffice: false);
        await using var office = await CreateJobAsync("office", ran, ["encode"], isOffice: true);
        await graphics.StartAsync(Token);
        await office.StartAsync(Token);
        await office.StartIfAbsentAsync("job", "job", null, Token);
        await OutputOfAsync<int>(office, "job");
    }

    /// <summary>An engine whose orchestration <c>call</c> calls one activity.</summary>
    protected IHostedEngine CreateCall(SharedEngineOptions options, Func<CancellationToken, Task<string>> run)
    {
        ArgumentNullException.ThrowIfNull(options);
        var engine = Shared.Create(options with { ActivityGroups = new Dictionary<string, int> { [ModelGroup] = 1 } });
        engine.Register(Orchestration<JsonElement, string>("call", (context, _) => context.CallActivityAsync<string>("work", 1)), isCurrent: true);
        engine.Register(Activity<int, string>("work", (_, _, token) => run(token)), ModelGroup);
        return engine;
    }

    /// <summary>Waits until an instance of an engine has completed, and reads its result.</summary>
    protected static async Task<T> OutputOfAsync<T>(IOrchestrationClient engine, string id)
    {
        var status = await EndOfAsync(engine, id);
        Assert.Null(status.Failure);
        return status.Output!.Value.Deserialize<T>(DurableJson.Options)!;
    }

    private static async Task<OrchestrationStatus> EndOfAsync(IOrchestrationClient engine, string id)
    {
        OrchestrationStatus? status = null;
        await UntilAsync(async () => (status = await engine.GetStatusAsync(id, Token)) is { RuntimeStatus: > OrchestrationRuntimeStatus.Running }, () => $"{id}: {status}");
        return status!;
    }

    private async Task<SharedEngineOptions> OptionsAsync() => await Shared.OptionsAsync() with { ActivityGroups = new Dictionary<string, int> { [ModelGroup] = 1 } };

    private async Task<IHostedEngine> CreateJobAsync(string process, IDictionary<string, string> ran, IReadOnlyCollection<string> taken, bool isOffice)
    {
        var engine = Shared.Create(await OptionsAsync() with { Activities = new TakenActivities(taken, isOffice), RunsOrchestrations = isOffice });
        engine.Register(
            Orchestration<JsonElement, int>("job", async (context, _) =>
            {
                foreach (var name in new[] { "keyframe", "animate", "encode", "finish" })
                {
                    await context.CallActivityAsync<int>(name, 0);
                }

                return 0;
            }),
            isCurrent: true);
        foreach (var name in new[] { "keyframe", "animate", "encode", "finish" })
        {
            var activity = Activity<int, int>(name, input =>
            {
                ran[name] = process;
                return input;
            });
            engine.Register(activity, name == "finish" ? ActivityGroups.Default : ModelGroup);
        }

        return engine;
    }
}

/// <summary>An engine that processes share, under test.</summary>
public interface ISharedEngineFixture : IEngineFixture
{
    /// <summary>Options of the hub.</summary>
    Task<SharedEngineOptions> OptionsAsync();

    /// <summary>An engine, not yet started: a process of its own as far as the hub can tell.</summary>
    IHostedEngine Create(SharedEngineOptions options);
}
