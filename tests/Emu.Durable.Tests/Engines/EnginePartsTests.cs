using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;

namespace Emu.Durable.Tests.Engines;

public sealed class DeterministicGuidTests
{
    // Python: uuid.uuid5(uuid.UUID("9e952958-5e33-4daf-827f-2fa12937b875"), "python.org")
    [Fact]
    public void Create_KnownName_MatchesAnIndependentImplementation() =>
        Assert.Equal(new Guid("aae8a24d-7bb3-5391-b7e0-c5da0ff8a3dc"), DeterministicGuid.Create("python.org"));
}

public sealed class RetryPolicyTests
{
    [Fact]
    public async Task RunAsync_FailsRepeatedly_WaitsLongerUpToTheMaximumDelay()
    {
        var policy = new RetryPolicy(5, TimeSpan.FromSeconds(1), backoffCoefficient: 3, maximumDelay: TimeSpan.FromSeconds(10));
        var delays = new List<double>();
        var exception = await Assert.ThrowsAsync<ActivityFailedException>(() => policy.RunAsync<int>(Fail, delay =>
        {
            delays.Add(delay.TotalSeconds);
            return Task.CompletedTask;
        }));
        Assert.Equal("failure_5", exception.Failure.Code);
        Assert.Equal([1, 3, 9, 10], delays);
    }

    [Fact]
    public async Task RunAsync_None_CallsOnceWithoutDelay()
    {
        var exception = await Assert.ThrowsAsync<ActivityFailedException>(() => RetryPolicy.None.RunAsync<int>(Fail, _ => throw new InvalidOperationException("No delay is expected.")));
        Assert.Equal("failure_1", exception.Failure.Code);
    }

    private static Task<int> Fail(int attempt) => throw new ActivityFailedException(new ActivityFailure($"failure_{attempt}", "no", Retryable: true));
}

public sealed class EventMailboxTests
{
    [Fact]
    public async Task TakeAsync_BufferedThenWaiting_KeepsOrderAndServesTheNewestWaiter()
    {
        var mailbox = new EventMailbox();
        mailbox.Deliver("item", "1");
        mailbox.Deliver("ITEM", "2");
        Assert.Equal("1", await mailbox.TakeAsync("Item", CancellationToken.None));
        Assert.Equal("2", await mailbox.TakeAsync("item", CancellationToken.None));
        Assert.False(mailbox.HasWaiters);

        using var cancellation = new CancellationTokenSource();
        var older = mailbox.TakeAsync("item", CancellationToken.None);
        var newer = mailbox.TakeAsync("item", CancellationToken.None);
        var cancelled = mailbox.TakeAsync("item", cancellation.Token);
        cancellation.Cancel();
        mailbox.Deliver("item", "3");
        mailbox.Deliver("item", "4");
        Assert.Equal("3", await newer);
        Assert.Equal("4", await older);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(mailbox.HasWaiters);
    }
}

public sealed class OrderedTimersTests
{
    private static readonly DateTime Start = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task WaitAsync_TimerThatIsFiredEarly_Ends()
    {
        var fired = new TaskCompletionSource();
        var timers = new OrderedTimers((_, _) => fired.Task, () => Start);
        var waiting = timers.WaitAsync(Start.AddMilliseconds(900), TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        // A queue that counts in whole seconds delivers at once what is due in 900 ms.
        fired.SetResult();

        await waiting.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void WaitAsync_TimerThatIsFiredEarly_LeavesLaterOnesWaiting()
    {
        var created = new List<TaskCompletionSource>();
        var timers = new OrderedTimers(
            (_, _) =>
            {
                created.Add(new TaskCompletionSource());
                return created[^1].Task;
            },
            () => Start);
        var first = timers.WaitAsync(Start.AddSeconds(1), TestContext.Current.CancellationToken);
        var second = timers.WaitAsync(Start.AddSeconds(2), TestContext.Current.CancellationToken);

        created[0].SetResult();

        Assert.Equal((true, false), (first.IsCompleted, second.IsCompleted));
    }
}
