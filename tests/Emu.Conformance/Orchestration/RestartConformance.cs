using System.Collections.Concurrent;
using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Conformance.Orchestration;

/// <summary>What a restart keeps. For engines with persistent data.</summary>
public abstract class RestartConformance : EngineConformance
{
    [Fact]
    public async Task Restart_WaitingForEvent_ContinuesWithoutRepeatingActivities()
    {
        var calls = new ConcurrentQueue<string>();
        var note = Activity<string, string>("note", input =>
        {
            calls.Enqueue(input);
            return input;
        });
        var orchestration = Orchestration<int, string>("wait", async (context, _) =>
        {
            var before = await context.CallActivityAsync<string>("note", "before");
            context.SetStatus("waiting");
            var payload = await context.WaitForEventAsync<string>("go");
            return $"{before} {payload} {await context.CallActivityAsync<string>("note", "after")}";
        });
        await StartAsync([orchestration], [note]);
        await StatusAsync(status => status.CustomStatus == "waiting");
        await Engine.RestartAsync();
        Assert.Equal("waiting", (await Engine.Client.GetStatusAsync("instance", Token))!.CustomStatus);
        await Engine.Client.RaiseEventAsync("instance", "go", "between", Token);
        Assert.Equal("before between after", await OutputAsync<string>());
        Assert.Equal(["before", "after"], calls);
    }

    [Fact]
    public async Task Restart_EventRaisedBefore_IsKept()
    {
        var orchestration = Orchestration<int, int[]>("buffer", async (context, _) =>
        {
            context.SetStatus("waiting");
            await context.WaitForEventAsync<bool>("begin");
            return new[] { await context.WaitForEventAsync<int>("item"), await context.WaitForEventAsync<int>("item") };
        });
        await StartAsync([orchestration], []);
        await Engine.Client.RaiseEventAsync("instance", "item", 1, Token);
        await Engine.Client.RaiseEventAsync("instance", "item", 2, Token);
        await Engine.RestartAsync();
        await Engine.Client.RaiseEventAsync("instance", "begin", true, Token);
        AssertRaised([1, 2], await OutputAsync<int[]>());
    }

    [Fact]
    public async Task Restart_RunningActivity_RunsAgain()
    {
        var calls = 0;
        using var release = new SemaphoreSlim(0);
        var slow = Activity<JsonElement, int>("slow", async (_, invocation, token) =>
        {
            Interlocked.Increment(ref calls);
            await release.WaitAsync(token);
            return invocation.Attempt;
        });
        await StartAsync([Orchestration<int, int>("call", (context, _) => context.CallActivityAsync<int>("slow", null))], [slow]);
        await UntilAsync(() => Task.FromResult(Volatile.Read(ref calls) == 1));
        await Engine.RestartAsync();
        await UntilAsync(() => Task.FromResult(Volatile.Read(ref calls) == 2));
        release.Release(2);
        Assert.Equal(1, await OutputAsync<int>());
    }

    [Fact]
    public async Task Restart_Timers_StillFire()
    {
        var orchestration = Orchestration<int, string>("timer", async (context, _) =>
        {
            var due = context.CurrentTime.AddMilliseconds(400);
            context.SetStatus("waiting");
            await context.CreateTimerAsync(due);
            return context.CurrentTime >= due ? "in time" : "early";
        });
        await StartAsync([orchestration], []);
        await StatusAsync(status => status.CustomStatus == "waiting");
        await Engine.RestartAsync();
        Assert.Equal("in time", await OutputAsync<string>());
    }

    [Fact]
    public async Task Restart_RunningChild_ParentGetsItsResult()
    {
        var parent = Orchestration<int, int>("parent", async (context, _) => 1 + await context.CallChildAsync<int>("child", "child", null));
        var child = Orchestration<JsonElement, int>("child", (context, _) => context.WaitForEventAsync<int>("go"));
        await StartAsync([parent, child], []);
        await StatusAsync(status => status.RuntimeStatus == OrchestrationRuntimeStatus.Running, "child");
        await Engine.RestartAsync();
        await Engine.Client.RaiseEventAsync("child", "go", 41, Token);
        Assert.Equal(42, await OutputAsync<int>());
    }

    [Fact]
    public async Task Restart_Ended_KeepsResultsAndFailures()
    {
        var echo = Orchestration<int, int>("echo", (_, input) => Task.FromResult(input));
        var fail = Orchestration<JsonElement, int>("fail", (_, _) => throw new ActivityFailedException(new ActivityFailure("no_good", "because", Retryable: false)));
        await StartAsync([echo, fail], [], 5);
        await Engine.Client.StartIfAbsentAsync("fail", "failed", null, Token);
        var (ended, failed) = (await EndAsync(), await EndAsync("failed"));
        await Engine.RestartAsync();
        Assert.Equal(ended.Output!.Value.GetInt32(), (await EndAsync()).Output!.Value.GetInt32());
        Assert.Equal(ended.UpdatedAt, (await EndAsync()).UpdatedAt);
        Assert.Equal(failed.Failure, (await EndAsync("failed")).Failure);
        Assert.False(await Engine.Client.StartIfAbsentAsync("echo", "instance", 6, Token));
    }
}
