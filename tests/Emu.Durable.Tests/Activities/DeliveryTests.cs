using Emu.Durable.Abstractions;

namespace Emu.Durable.Tests.Activities;

public sealed class DeliveryTests
{
    [Fact]
    public async Task Restart_ActivityOutlivesItsProcessAgainAndAgain_FailsInTheEnd()
    {
        using var folder = new TemporaryFolder();
        var options = new DurableEngineOptions { DataFolder = folder.Path, MaximumDeliveries = 2, StopTimeout = TimeSpan.Zero };
        for (var process = 0; process < 2; process++)
        {
            var begun = new TaskCompletionSource();
            await using var engine = await Engine(options, begun, isDeaf: true).StartedAsync();
            await engine.StartIfAbsentAsync("job", "instance", null, EngineBuilder.Token);
            await begun.Task.WaitAsync(EngineBuilder.Token);
        }

        await using var third = await Engine(options, new TaskCompletionSource()).StartedAsync();
        var status = await third.WaitForEndAsync("instance", EngineBuilder.Token);
        Assert.Equal(("worker_lost", false), (status!.Failure!.Code, status.Failure.Retryable));
    }

    [Fact]
    public async Task Stop_InGoodOrder_DoesNotCount()
    {
        using var folder = new TemporaryFolder();
        var options = new DurableEngineOptions { DataFolder = folder.Path, MaximumDeliveries = 1 };
        for (var start = 0; start < 3; start++)
        {
            var begun = new TaskCompletionSource();
            await using var engine = await Engine(options, begun).StartedAsync();
            await engine.StartIfAbsentAsync("job", "instance", null, EngineBuilder.Token);
            await begun.Task.WaitAsync(EngineBuilder.Token);
            Assert.Equal(OrchestrationRuntimeStatus.Running, (await engine.GetStatusAsync("instance", EngineBuilder.Token))!.RuntimeStatus);
        }
    }

    [Fact]
    public async Task Stop_ActivityEndsMeanwhile_ItsAnswerIsKept()
    {
        using var folder = new TemporaryFolder();
        var begun = new TaskCompletionSource();
        var calls = 0;
        async Task<int> Work(CancellationToken token)
        {
            Interlocked.Increment(ref calls);
            begun.TrySetResult();
            var cancelled = new TaskCompletionSource();
            await using var registration = token.Register(cancelled.SetResult);
            await cancelled.Task;
            await Task.Delay(100, CancellationToken.None);
            return 7;
        }

        await using (var engine = await EngineBuilder.Engine(folder).With<int, int>("job", (context, _) => context.CallActivityAsync<int>("work", null))
            .WithActivity<object?, int>("work", (_, _, token) => Work(token)).StartedAsync())
        {
            await engine.StartIfAbsentAsync("job", "instance", null, EngineBuilder.Token);
            await begun.Task.WaitAsync(EngineBuilder.Token);
        }

        await using var again = await EngineBuilder.Engine(folder).With<int, int>("job", (context, _) => context.CallActivityAsync<int>("work", null))
            .WithActivity<object?, int>("work", (_, _, token) => Work(token)).StartedAsync();
        Assert.Equal(7, (await again.WaitForEndAsync("instance", EngineBuilder.Token))!.Output!.Value.GetInt32());
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Stop_DeafActivity_IsLeftBehindAndChangesNothing()
    {
        using var folder = new TemporaryFolder();
        var options = new DurableEngineOptions { DataFolder = folder.Path, StopTimeout = TimeSpan.FromMilliseconds(50) };
        var begun = new TaskCompletionSource();
        var zombie = new TaskCompletionSource<int>();
        DurableEngine Create(Func<Task<int>> work) => EngineBuilder.Engine(options)
            .With<int, int>("job", (context, _) => context.CallActivityAsync<int>("work", null))
            .WithActivity<object?, int>("work", (_, _, _) => work());
        await using (var engine = await Create(() =>
        {
            begun.SetResult();
            return zombie.Task;
        }).StartedAsync())
        {
            await engine.StartIfAbsentAsync("job", "instance", null, EngineBuilder.Token);
            await begun.Task.WaitAsync(EngineBuilder.Token);
        }

        await using var again = await Create(() => Task.FromResult(2)).StartedAsync();
        zombie.SetResult(1);
        Assert.Equal(2, (await again.WaitForEndAsync("instance", EngineBuilder.Token))!.Output!.Value.GetInt32());
    }

    private static DurableEngine Engine(DurableEngineOptions options, TaskCompletionSource begun, bool isDeaf = false) => EngineBuilder.Engine(options)
        .With<int, int>("job", (context, _) => context.CallActivityAsync<int>("work", null))
        .WithActivity<object?, int>("work", async (_, _, token) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, isDeaf ? CancellationToken.None : token);
            return 1;
        });
}
