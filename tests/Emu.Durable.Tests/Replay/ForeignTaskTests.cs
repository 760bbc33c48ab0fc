using Emu.Durable.Abstractions;

namespace Emu.Durable.Tests.Replay;

public sealed class ForeignTaskTests
{
    private static readonly Dictionary<string, Func<IOrchestrationContext, Task<int>>> Bodies = new()
    {
        ["awaits a delay"] = async _ =>
        {
            await Task.Delay(20);
            return 1;
        },
        ["awaits a task of the thread pool"] = async _ => await Task.Run(async () =>
        {
            await Task.Delay(20);
            return 1;
        }),
        ["leaves its context"] = async context =>
        {
            // What ConfigureAwait(false) does: go on outside of the context.
            await context.CallActivityAsync<int>("one", null).ConfigureAwait(ConfigureAwaitOptions.None);
            return await context.CallActivityAsync<int>("one", null);
        },
        ["races a delay"] = async context =>
        {
            await Task.WhenAny(context.WaitForEventAsync<int>("never"), Task.Delay(20));
            return 1;
        },
        ["passes its context to another thread"] = async context =>
        {
            _ = Task.Run(() => context.CallActivityAsync<int>("one", null));
            return await context.WaitForEventAsync<int>("never");
        },
        ["cancels from another thread"] = async context =>
        {
            var cancellation = new CancellationTokenSource(20);
            await context.CreateTimerAsync(context.CurrentTime.AddDays(1), cancellation.Token);
            return 1;
        },
    };

    public static MatrixTheoryData<string, int> Cases { get; } = new(Bodies.Keys, [1_000, 0]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Run_ForeignTask_FailsTheInstance(string name, int cached)
    {
        await using var engine = await EngineBuilder.Engine(new DurableEngineOptions { MaximumCachedInstances = cached })
            .With<object?, int>("foreign", (context, _) => Bodies[name](context))
            .With<object?, int>("good", (context, _) => context.CallActivityAsync<int>("one", null))
            .WithActivity<object?, int>("one", _ => 1)
            .StartedAsync();
        var status = await engine.RunAsync("foreign");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, status.RuntimeStatus);
        Assert.Equal("foreign_task", status.Failure!.Code);

        // Other instances are not affected.
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await engine.RunAsync("good", "other")).RuntimeStatus);
    }

    [Fact]
    public async Task Run_CompletedTasksAndYield_AreAllowed()
    {
        await using var engine = await EngineBuilder.Engine()
            .With<object?, int>("allowed", async (context, _) =>
            {
                await Task.CompletedTask;
                await Task.Yield();
                var one = await context.CallActivityAsync<int>("one", null);
                await Task.Yield();
                return one + await Task.FromResult(1);
            })
            .WithActivity<object?, int>("one", _ => 1)
            .StartedAsync();
        Assert.Equal(2, (await engine.RunAsync("allowed")).Output!.Value.GetInt32());
    }

    [Fact]
    public async Task Run_AsyncVoidThrows_FailsTheInstance()
    {
        await using var engine = await EngineBuilder.Engine()
            .With<object?, int>("void", (context, _) =>
            {
                ThrowLater(context);
                return context.WaitForEventAsync<int>("never");
            })
            .WithActivity<object?, int>("one", _ => 1)
            .StartedAsync();
        var status = await engine.RunAsync("void");
        Assert.Contains("unseen", status.Failure!.Message, StringComparison.Ordinal);
    }

    private static async void ThrowLater(IOrchestrationContext context)
    {
        await context.CallActivityAsync<int>("one", null);
        throw new InvalidDataException("unseen");
    }
}
