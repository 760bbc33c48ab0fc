using System.Collections.Concurrent;
using Emu.Durable.Abstractions;

namespace Emu.Durable.Tests.Activities;

public sealed class ActivityGroupTests
{
    [Fact]
    public async Task Run_Groups_RunAsManyActivitiesAsAllowed()
    {
        var options = new DurableEngineOptions { ActivityGroups = new Dictionary<string, int> { [ActivityGroups.Model] = 1, [ActivityGroups.Media] = 3 } };
        using var release = new SemaphoreSlim(0);
        var model = new Gauge(release);
        var media = new Gauge(release);
        await using var engine = await EngineBuilder.Engine(options)
            .With<int, int>("job", async (context, _) => (await Task.WhenAll(context.CallActivityAsync<int>("keyframe", null), context.CallActivityAsync<int>("animate", null), context.CallActivityAsync<int>("encode", null))).Sum())
            .WithActivity<object?, int>("keyframe", (_, _, token) => model.MeasureAsync(token), ActivityGroups.Model)
            .WithActivity<object?, int>("animate", (_, _, token) => model.MeasureAsync(token), ActivityGroups.Model)
            .WithActivity<object?, int>("encode", (_, _, token) => media.MeasureAsync(token), ActivityGroups.Media)
            .StartedAsync();
        for (var job = 0; job < 15; job++)
        {
            await engine.StartIfAbsentAsync("job", $"job{job}", null, EngineBuilder.Token);
        }

        await EngineBuilder.UntilAsync(() => Task.FromResult(model.Highest == 1 && media.Highest == 3));
        release.Release(45);
        await engine.DrainAsync(EngineBuilder.Token);
        Assert.Equal(1, model.Highest);
        Assert.Equal(3, media.Highest);
    }

    [Fact]
    public async Task Run_ManyInstances_OldestIsFinishedFirst()
    {
        using var release = new SemaphoreSlim(0);
        var order = new ConcurrentQueue<string>();
        var options = new DurableEngineOptions { DefaultGroupConcurrency = 1 };
        await using var engine = await EngineBuilder.Engine(options)
            .With<int, int>("job", async (context, _) =>
            {
                for (var stage = 0; stage < 3; stage++)
                {
                    await context.CallChildAsync<int>("stage", $"{context.InstanceId}.{stage}", stage);
                }

                return 0;
            })
            .With<int, int>("stage", (context, stage) => context.CallActivityAsync<int>("work", stage))
            .WithActivity<int, int>("work", async (_, invocation, token) =>
            {
                order.Enqueue(invocation.InstanceId);
                await release.WaitAsync(token);
                return 0;
            })
            .StartedAsync();
        for (var job = 0; job < 4; job++)
        {
            await engine.StartIfAbsentAsync("job", $"job{job}", null, EngineBuilder.Token);
        }

        release.Release(100);
        await engine.DrainAsync(EngineBuilder.Token);
        Assert.Equal(Enumerable.Range(0, 4).SelectMany(job => Enumerable.Range(0, 3).Select(stage => $"job{job}.{stage}")), order);
    }

    [Fact]
    public void AddActivity_UnknownGroup_NamesTheGroups()
    {
        var engine = EngineBuilder.Engine(new DurableEngineOptions { ActivityGroups = new Dictionary<string, int> { ["model"] = 1 } });
        var exception = Assert.Throws<ArgumentException>(() => engine.WithActivity<int, int>("work", input => input, "modle"));
        Assert.Contains("model", exception.Message, StringComparison.Ordinal);
        Assert.Contains("modle", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallActivity_NotRegistered_FailsAndNamesTheRegisteredOnes()
    {
        await using var engine = await EngineBuilder.Engine()
            .With<int, int>("job", (context, _) => context.CallActivityAsync<int>("wrok", null, new RetryPolicy(5, TimeSpan.Zero)))
            .WithActivity<int, int>("work", input => input)
            .StartedAsync();
        var failure = (await engine.RunAsync("job")).Failure!;
        Assert.Equal("activity_not_found", failure.Code);
        Assert.Contains("work", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => EngineBuilder.Engine(new DurableEngineOptions { DefaultGroupConcurrency = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => EngineBuilder.Engine(new DurableEngineOptions { ActivityGroups = new Dictionary<string, int> { ["model"] = 0 } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => EngineBuilder.Engine(new DurableEngineOptions { MaximumDeliveries = 0 }));
        Assert.Throws<ArgumentException>(() => EngineBuilder.Engine(new DurableEngineOptions { DataFolder = " " }));
    }

    /// <summary>Counts the activities that run at once; each waits for its release.</summary>
    private sealed class Gauge(SemaphoreSlim release)
    {
        private readonly Lock _gate = new();
        private int _current;

        public int Highest { get; private set; }

        public async Task<int> MeasureAsync(CancellationToken cancellationToken)
        {
            var now = Interlocked.Increment(ref _current);
            lock (_gate)
            {
                Highest = Math.Max(Highest, now);
            }

            await release.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref _current);
            return now;
        }
    }
}
