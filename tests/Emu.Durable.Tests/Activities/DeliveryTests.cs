using Emu.Durable.Abstractions;

namespace Emu.Durable.Tests.Activities;

public sealed class DeliveryTests
{
    [Fact]
    public async Task Restart_ActivityNeverEndsBeforeItsProcess_FailsAfterMaximumDeliveries()
    {
        using var folder = new TemporaryFolder();
        var options = new DurableEngineOptions { DataFolder = folder.Path, MaximumDeliveries = 2, StopTimeout = TimeSpan.Zero };
        for (var process = 0; process < 2; process++)
        {
            var started = new TaskCompletionSource();
            await using var engine = await Engine(options, started, ignoresCancellation: true).StartedAsync();
            await engine.StartIfAbsentAsync("job", "instance", null, EngineBuilder.Token);
            await started.Task.WaitAsync(EngineBuilder.Token);
        }

        await using var third = await Engine(options, new TaskCompletionSource()).StartedAsync();
        var status = await third.WaitForEndAsync("instance", EngineBuilder.Token);
        Assert.Equal(("worker_lost", false), (status!.Failure!.Code, status.Failure.Retryable));
    }

    [Fact]
    public async Task Stop_Normal_DoesNotCountAsDelivery()
    {
        using var folder = new TemporaryFolder();
        var options = new DurableEngineOptions { DataFolder = folder.Path, MaximumDeliveries = 1 };
        for (var start = 0; start < 3; start++)
        {
            var started = new TaskCompletionSource();
            await using var engine = await Engine(options, started).StartedAsync();
            await engine.StartIfAbsentAsync("job", "instance", null, EngineBuilder.Token);
            await started.Task.WaitAsync(EngineBuilder.Token);
            Assert.Equal(OrchestrationRuntimeStatus.Running, (await engine.GetStatusAsync("instance", EngineBuilder.Token))!.RuntimeStatus);
        }
    }

    [Fact]
    public async Task Stop_ActivityEndsDuringStop_ResultIsStored()
    {
        using var folder = new TemporaryFolder();
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var result = new TaskCompletionSource<int>();
        var calls = 0;
        async Task<int> Work(CancellationToken token)
        {
            Interlocked.Increment(ref calls);
            started.TrySetResult();
            await using var registration = token.Register(cancelled.SetResult);
            return await result.Task;
        }

        await using (var engine = await EngineBuilder.Engine(folder).With<int, int>("job", (context, _) => context.CallActivityAsync<int>("work", null))
            .WithActivity<object?, int>("work", (_, _, token) => Work(token)).StartedAsync())
        {
            await engine.StartIfAbsentAsync("job", "instance", null, EngineBuilder.Token);
            await started.Task.WaitAsync(EngineBuilder.Token);
            var stopping = engine.StopAsync(EngineBuilder.Token);
            await cancelled.Task.WaitAsync(EngineBuilder.Token);
            Assert.False(stopping.IsCompleted);
            result.SetResult(7);
            await stopping;
        }

        await using var again = await EngineBuilder.Engine(folder).With<int, int>("job", (context, _) => context.CallActivityAsync<int>("work", null))
            .WithActivity<object?, int>("work", (_, _, token) => Work(token)).StartedAsync();
        Assert.Equal(7, (await again.WaitForEndAsync("instance", EngineBuilder.Token))!.Output!.Value.GetInt32());
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Stop_ActivityIgnoresCancellation_LateResultIsIgnored()
    {
        using var folder = new TemporaryFolder();
        var options = new DurableEngineOptions { DataFolder = folder.Path, StopTimeout = TimeSpan.FromMilliseconds(50) };
        var started = new TaskCompletionSource();
        var lateResult = new TaskCompletionSource<int>();
        DurableEngine Create(Func<Task<int>> work) => EngineBuilder.Engine(options)
            .With<int, int>("job", (context, _) => context.CallActivityAsync<int>("work", null))
            .WithActivity<object?, int>("work", (_, _, _) => work());
        await using (var engine = await Create(() =>
        {
            started.SetResult();
            return lateResult.Task;
        }).StartedAsync())
        {
            await engine.StartIfAbsentAsync("job", "instance", null, EngineBuilder.Token);
            await started.Task.WaitAsync(EngineBuilder.Token);
        }

        await using var again = await Create(() => Task.FromResult(2)).StartedAsync();
        lateResult.SetResult(1);
        Assert.Equal(2, (await again.WaitForEndAsync("instance", EngineBuilder.Token))!.Output!.Value.GetInt32());
    }

    private static DurableEngine Engine(DurableEngineOptions options, TaskCompletionSource started, bool ignoresCancellation = false) => EngineBuilder.Engine(options)
        .With<int, int>("job", (context, _) => context.CallActivityAsync<int>("work", null))
        .WithActivity<object?, int>("work", async (_, _, token) =>
        {
            started.TrySetResult();
            await Task.Delay(Timeout.Infinite, ignoresCancellation ? CancellationToken.None : token);
            return 1;
        });
}
