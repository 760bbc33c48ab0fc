using System.Diagnostics;
using Emu.Durable.Abstractions;

namespace Emu.Durable.Tests.Engine;

public sealed class DurableEngineTests
{
    [Fact]
    public async Task Calls_BeforeStart_AreRefused()
    {
        await using var engine = Echo();
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.GetStatusAsync("instance", EngineBuilder.Token));
    }

    [Fact]
    public async Task Calls_AfterStop_AreRefused()
    {
        var engine = await Echo().StartedAsync();
        await engine.DisposeAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.StartIfAbsentAsync("echo", "instance", 1, EngineBuilder.Token));
        await engine.Completion;
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Register_AfterStart_IsRefused()
    {
        await using var engine = await Echo().StartedAsync();
        Assert.Throws<InvalidOperationException>(() => engine.WithActivity<int, int>("late", input => input));
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.StartAsync(EngineBuilder.Token));
    }

    [Fact]
    public async Task Drain_NoInstances_CompletesAtOnce()
    {
        await using var engine = await Echo().StartedAsync();
        await engine.DrainAsync(EngineBuilder.Token);
    }

    [Fact]
    public async Task Drain_Waiting_CanBeCancelledAndStopped()
    {
        var engine = await Echo().With<int, int>("wait", (context, _) => context.WaitForEventAsync<int>("never")).StartedAsync();
        await engine.StartIfAbsentAsync("wait", "instance", null, EngineBuilder.Token);
        using var cancellation = new CancellationTokenSource();
        var cancelled = engine.DrainAsync(cancellation.Token);
        cancellation.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        var drain = engine.DrainAsync(EngineBuilder.Token);
        var end = engine.WaitForEndAsync("instance", EngineBuilder.Token);
        await engine.DisposeAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => drain);
        await Assert.ThrowsAsync<InvalidOperationException>(() => end);
    }

    [Fact]
    public async Task WaitForEnd_UnknownInstance_IsNull()
    {
        await using var engine = await Echo().StartedAsync();
        Assert.Null(await engine.WaitForEndAsync("missing", EngineBuilder.Token));
    }

    [Fact]
    public async Task Terminate_RunningActivity_IsCancelled()
    {
        var stopped = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        await using var engine = await EngineBuilder.Engine()
            .With<int, int>("parent", (context, _) => context.CallChildAsync<int>("child", "child", null))
            .With<int, int>("child", (context, _) => context.CallActivityAsync<int>("work", null))
            .WithActivity<object?, int>("work", async (_, _, token) =>
            {
                await using var registration = token.Register(stopped.SetResult);
                started.SetResult();
                await stopped.Task;
                return 1;
            })
            .StartedAsync();
        await engine.StartIfAbsentAsync("parent", "instance", null, EngineBuilder.Token);
        await started.Task.WaitAsync(EngineBuilder.Token);
        await engine.TerminateAsync("instance", "enough", EngineBuilder.Token);
        await stopped.Task.WaitAsync(EngineBuilder.Token);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await engine.WaitForEndAsync("child", EngineBuilder.Token))!.RuntimeStatus);
    }

    [Fact]
    public async Task CallChild_IdOfAnotherInstance_FailsAndKeepsThatInstance()
    {
        await using var engine = await Echo()
            .With<int, int>("parent", (context, _) => context.CallChildAsync<int>("echo", "taken", 2, new RetryPolicy(3, TimeSpan.Zero)))
            .StartedAsync();
        await engine.RunAsync("echo", "taken", 1);
        Assert.Equal("instance_exists", (await engine.RunAsync("parent")).Failure!.Code);
        Assert.Equal(1, (await engine.GetStatusAsync("taken", EngineBuilder.Token))!.Output!.Value.GetInt32());
    }

    [Fact]
    public async Task Run_LongChainOfChildren_DoesNotBlockOtherInstances()
    {
        await using var engine = await Echo()
            .With<int, int>("chain", async (context, _) =>
            {
                for (var index = 0; index < 20_000; index++)
                {
                    await context.CallChildAsync<int>("echo", "child", index);
                }

                return 1;
            })
            .StartedAsync();
        await engine.StartIfAbsentAsync("chain", "instance", null, EngineBuilder.Token);
        Assert.Equal(7, (await engine.RunAsync("echo", "other", 7)).Output!.Value.GetInt32());
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await engine.GetStatusAsync("instance", EngineBuilder.Token))!.RuntimeStatus);
        await engine.TerminateAsync("instance", "enough", EngineBuilder.Token);
        await engine.DrainAsync(EngineBuilder.Token);
    }

    [Fact]
    public async Task CreateTimer_ManualClock_FiresWhenThatClockReachesTheTime()
    {
        var clock = new ManualClock();
        await using var engine = await EngineBuilder.Engine(new DurableEngineOptions { Time = clock })
            .With<int, bool>("timer", async (context, _) =>
            {
                var due = context.CurrentTime.AddDays(3);
                context.SetStatus("waiting");
                await context.CreateTimerAsync(due);
                return context.CurrentTime == due;
            })
            .StartedAsync();
        await engine.StartIfAbsentAsync("timer", "instance", null, EngineBuilder.Token);
        for (var day = 0; day < 3; day++)
        {
            Assert.Equal(OrchestrationRuntimeStatus.Running, (await engine.GetStatusAsync("instance", EngineBuilder.Token))!.RuntimeStatus);
            clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.True((await engine.WaitForEndAsync("instance", EngineBuilder.Token))!.Output!.Value.GetBoolean());
    }

    [Fact]
    public async Task Run_WithListener_ActivitySpansBelongToTheCallersTrace()
    {
        var spans = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var starter = new ActivitySource("Emu.Durable.Tests");
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Emu.Durable" or "Emu.Durable.Tests",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var engine = await EngineBuilder.Engine()
            .With<int, int>("parent", (context, _) => context.CallChildAsync<int>("child", "traced.child", null))
            .With<int, int>("child", (context, _) => context.CallActivityAsync<int>("work", null))
            .WithActivity<object?, int>("work", _ => 1)
            .StartedAsync();
        ActivityTraceId trace;
        using (var span = starter.StartActivity("request"))
        {
            trace = span!.TraceId;
            await engine.StartIfAbsentAsync("parent", "traced", null, EngineBuilder.Token);
        }

        await engine.WaitForEndAsync("traced", EngineBuilder.Token);
        var work = Assert.Single(spans, span => "traced.child".Equals(span.GetTagItem("emu.instance.id")));
        Assert.Equal(trace, work.TraceId);
        Assert.Equal("activity work", work.DisplayName);
    }

    private static DurableEngine Echo() => EngineBuilder.Engine().With<int, int>("echo", (_, input) => Task.FromResult(input));
}
