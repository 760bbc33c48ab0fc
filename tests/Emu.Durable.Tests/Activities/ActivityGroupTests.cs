using System.Collections.Concurrent;
using Emu.Durable.Abstractions;

namespace Emu.Durable.Tests.Activities;

public sealed class ActivityGroupTests
{
    [Fact]
    public async Task Run_Groups_KeepTheirConcurrency()
    {
        var options = new DurableEngineOptions { ActivityGroups = new Dictionary<string, int> { ["model"] = 1, ["cpu"] = 3 } };
        var model = new Gauge();
        var cpu = new Gauge();
        await using var engine = await EngineBuilder.Engine(options)
            .With<int, int>("job", async (context, _) => (await Task.WhenAll(context.CallActivityAsync<int>("keyframe", null), context.CallActivityAsync<int>("animate", null), context.CallActivityAsync<int>("encode", null))).Sum())
            .WithActivity<object?, int>("keyframe", (_, _, token) => model.MeasureAsync(token), "model")
            .WithActivity<object?, int>("animate", (_, _, token) => model.MeasureAsync(token), "model")
            .WithActivity<object?, int>("encode", (_, _, token) => cpu.MeasureAsync(token), "cpu")
            .StartedAsync();
        for (var job = 0; job < 15; job++)
        {
            await engine.StartIfAbsentAsync("job", $"job{job}", null, EngineBuilder.Token);
        }

        await engine.DrainAsync(EngineBuilder.Token);
        Assert.Equal(1, model.Highest);
        Assert.Equal(3, cpu.Highest);
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
    public async Task CallActivity_NotRegistered_FailsAndNamesTheOthers()
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

    private sealed class Gauge
    {
        private int _current;

        public int Highest { get; private set; }

        public async Task<int> MeasureAsync(CancellationToken cancellationToken)
        {
            var now = Interlocked.Increment(ref _current);
            lock (this)
            {
                Highest = Math.Max(Highest, now);
            }

            await Task.Delay(15, cancellationToken);
            Interlocked.Decrement(ref _current);
            return now;
        }
    }
}
