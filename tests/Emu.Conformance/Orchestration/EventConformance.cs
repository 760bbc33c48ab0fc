using Emu.Durable.Abstractions;

namespace Emu.Conformance.Orchestration;

/// <summary>External events and timers.</summary>
public abstract class EventConformance : EngineConformance
{
    [Fact]
    public async Task WaitForEvent_ArrivedEarlier_IsBufferedInOrder()
    {
        var orchestration = Orchestration<int, int[]>("buffer", async (context, _) =>
        {
            await context.WaitForEventAsync<bool>("begin");
            return new[] { await context.WaitForEventAsync<int>("item"), await context.WaitForEventAsync<int>("item"), await context.WaitForEventAsync<int>("item") };
        });
        await StartAsync([orchestration], []);
        for (var index = 1; index <= 3; index++)
        {
            await Engine.Client.RaiseEventAsync("instance", "item", index, Token);
        }

        await Engine.Client.RaiseEventAsync("instance", "begin", true, Token);
        AssertRaised([1, 2, 3], await OutputAsync<int[]>());
    }

    [Fact]
    public async Task WaitForEvent_DifferentCase_IsTheSameName()
    {
        await StartAsync([Orchestration<int, string>("case", (context, _) => context.WaitForEventAsync<string>("Cancel"))], []);
        await Engine.Client.RaiseEventAsync("instance", "cANCEL", "yes", Token);
        Assert.Equal("yes", await OutputAsync<string>());
    }

    [Fact]
    public async Task WaitForEvent_TwoWaiters_NewestIsServedFirst()
    {
        var orchestration = Orchestration<int, string[]>("stack", async (context, _) =>
        {
            var older = context.WaitForEventAsync<string>("item");
            var newer = context.WaitForEventAsync<string>("item");
            context.SetStatus("waiting");
            await Task.WhenAny(older, newer);
            context.SetStatus("served");
            return [await older, await newer];
        });
        await StartAsync([orchestration], []);
        await StatusAsync(status => status.CustomStatus == "waiting");
        await Engine.Client.RaiseEventAsync("instance", "item", "first", Token);
        await StatusAsync(status => status.CustomStatus == "served");
        await Engine.Client.RaiseEventAsync("instance", "item", "second", Token);
        Assert.Equal(["second", "first"], await OutputAsync<string[]>());
    }

    [Fact]
    public async Task WaitForEvent_TimesOut_NextEventGoesToNextWaiter()
    {
        var orchestration = Orchestration<int, string>("timeout", async (context, _) =>
        {
            try
            {
                await context.WaitForEventAsync<string>("item", TimeSpan.FromMilliseconds(50));
                return "too early";
            }
            catch (TimeoutException)
            {
                context.SetStatus("timed out");
            }

            return await context.WaitForEventAsync<string>("item", TimeSpan.FromHours(1));
        });
        await StartAsync([orchestration], []);
        await StatusAsync(status => status.CustomStatus == "timed out");
        await Engine.Client.RaiseEventAsync("instance", "item", "late", Token);
        Assert.Equal("late", await OutputAsync<string>());
    }

    [Fact]
    public async Task WaitForEvent_Cancelled_NextEventGoesToNextWaiter()
    {
        var orchestration = Orchestration<int, string[]>("cancel", async (context, _) =>
        {
            using var cancellation = new CancellationTokenSource();
            var abandoned = context.WaitForEventAsync<string>("item", cancellation.Token);
            await context.WaitForEventAsync<bool>("give_up");
            cancellation.Cancel();
            context.SetStatus("given up");
            try
            {
                return [await abandoned];
            }
            catch (OperationCanceledException)
            {
                return ["cancelled", await context.WaitForEventAsync<string>("item")];
            }
        });
        await StartAsync([orchestration], []);
        await Engine.Client.RaiseEventAsync("instance", "give_up", true, Token);
        await StatusAsync(status => status.CustomStatus == "given up");
        await Engine.Client.RaiseEventAsync("instance", "item", "kept", Token);
        Assert.Equal(["cancelled", "kept"], await OutputAsync<string[]>());
    }

    [Fact]
    public async Task WaitForEvent_RacesActivity_EndsBoth()
    {
        using var release = new SemaphoreSlim(0);
        var orchestration = Orchestration<int, string>("race", async (context, _) =>
        {
            using var cancellation = new CancellationTokenSource();
            var work = context.CallActivityAsync<string>("slow", null);
            var cancelled = context.WaitForEventAsync<string>("cancel", cancellation.Token);
            if (await Task.WhenAny(work, cancelled) == work)
            {
                cancellation.Cancel();
                return await work;
            }

            context.SetStatus("cancelling");
            return $"{await cancelled}, {await work}";
        });
        var slow = Activity<object?, string>("slow", async (_, _, token) =>
        {
            await release.WaitAsync(token);
            return "done";
        });
        await StartAsync([orchestration], [slow]);
        await Engine.Client.RaiseEventAsync("instance", "cancel", "stop", Token);
        await StatusAsync(status => status.CustomStatus == "cancelling");
        release.Release();
        Assert.Equal("stop, done", await OutputAsync<string>());
    }

    [Fact]
    public async Task RaiseEvent_UnknownOrEnded_IsIgnored()
    {
        await ResultAsync<int>([Orchestration<int, int>("echo", (_, input) => Task.FromResult(input))], [], 1);
        var status = await EndAsync();
        await Engine.Client.RaiseEventAsync("instance", "late", 1, Token);
        await Engine.Client.RaiseEventAsync("missing", "late", 1, Token);
        Assert.Equal(status.RuntimeStatus, (await EndAsync()).RuntimeStatus);
        Assert.Null(await Engine.Client.GetStatusAsync("missing", Token));
    }

    [Fact]
    public async Task CreateTimer_Fires_NeverEarly()
    {
        var orchestration = Orchestration<int, double>("timer", async (context, milliseconds) =>
        {
            var due = context.CurrentTime.AddMilliseconds(milliseconds);
            await context.CreateTimerAsync(due);
            return (context.CurrentTime - due).TotalMilliseconds;
        });
        Assert.InRange(await ResultAsync<double>([orchestration], [], 120), 0, double.MaxValue);
    }

    [Fact]
    public async Task CreateTimer_InThePast_FiresAtOnce()
    {
        var orchestration = Orchestration<int, string>("timer", async (context, _) =>
        {
            await context.CreateTimerAsync(context.CurrentTime.AddYears(-1));
            return "fired";
        });
        Assert.Equal("fired", await ResultAsync<string>([orchestration], []));
    }

    [Fact]
    public async Task CreateTimer_Several_FireInTheirOrder()
    {
        var orchestration = Orchestration<int, List<int>>("timers", async (context, _) =>
        {
            var fired = new List<int>();
            var start = context.CurrentTime;
            await Task.WhenAll(new[] { 3, 1, 2 }.Select(async index =>
            {
                await context.CreateTimerAsync(start.AddMilliseconds(index * 60));
                fired.Add(index);
            }));
            return fired;
        });
        Assert.Equal([1, 2, 3], await ResultAsync<List<int>>([orchestration], []));
    }

    [Fact]
    public async Task CreateTimer_Cancelled_DoesNotKeepTheInstanceRunning()
    {
        var orchestration = Orchestration<int, string>("timer", async (context, _) =>
        {
            using var cancellation = new CancellationTokenSource();
            var timer = context.CreateTimerAsync(context.CurrentTime.AddDays(10), cancellation.Token);
            var work = context.CallActivityAsync<string>("work", null);
            var first = await Task.WhenAny(timer, work);
            cancellation.Cancel();
            try
            {
                await timer;
                return "fired";
            }
            catch (OperationCanceledException)
            {
                return first == work ? await work : "timer";
            }
        });
        Assert.Equal("done", await ResultAsync<string>([orchestration], [Activity<object?, string>("work", _ => "done")]));
    }

    [Fact]
    public async Task CreateTimer_NotAwaited_KeepsTheInstanceRunning()
    {
        var orchestration = Orchestration<int, string>("timer", (context, input) =>
        {
            _ = context.CreateTimerAsync(context.CurrentTime.AddMilliseconds(300));
            context.SetStatus("returned");
            return Task.FromResult("ok");
        });
        await StartAsync([orchestration], []);
        var returned = await StatusAsync(status => status.CustomStatus == "returned");
        var status = await EndAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, status.RuntimeStatus);
        Assert.True(status.UpdatedAt - status.CreatedAt >= TimeSpan.FromMilliseconds(300), $"{returned} {status}");
    }
}
