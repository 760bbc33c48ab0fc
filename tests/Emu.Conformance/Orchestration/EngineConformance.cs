using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Conformance.Orchestration;

/// <summary>The base of the conformance suite: an engine, and methods that wait for its results.</summary>
public abstract class EngineConformance : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>The engine under test.</summary>
    protected IEngineFixture Engine { get; private set; } = null!;

    /// <summary>Cancelled when the test is cancelled.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public ValueTask InitializeAsync()
    {
        Engine = CreateFixture();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The engine, not yet started.</summary>
    protected abstract IEngineFixture CreateFixture();

    /// <summary>An orchestration from a delegate.</summary>
    protected static IOrchestration Orchestration<TInput, TOutput>(string name, Func<IOrchestrationContext, TInput, Task<TOutput>> run) =>
        new TestOrchestration<TInput, TOutput>(name, run);

    /// <summary>An activity that only computes.</summary>
    protected static IActivity Activity<TInput, TOutput>(string name, Func<TInput, TOutput> run) => new TestActivity<TInput, TOutput>(name, run);

    /// <summary>An activity from a delegate.</summary>
    protected static IActivity Activity<TInput, TOutput>(string name, Func<TInput, ActivityInvocation, CancellationToken, Task<TOutput>> run) =>
        new TestActivity<TInput, TOutput>(name, run);

    /// <summary>Starts the engine, and one instance of its first orchestration; its id is <c>instance</c>.</summary>
    protected async Task StartAsync(IReadOnlyList<IOrchestration> orchestrations, IReadOnlyList<IActivity> activities, object? input = null)
    {
        await Engine.StartAsync(orchestrations, activities);
        Assert.True(await Engine.Client.StartIfAbsentAsync(orchestrations[0].Name, "instance", input, Token));
    }

    /// <summary>Starts the engine and an instance, and waits until the instance has ended.</summary>
    protected async Task<OrchestrationStatus> RunAsync(IReadOnlyList<IOrchestration> orchestrations, IReadOnlyList<IActivity> activities, object? input = null)
    {
        await StartAsync(orchestrations, activities, input);
        return await EndAsync();
    }

    /// <summary>Starts the engine and an instance, waits until the instance has completed, and reads its result.</summary>
    protected async Task<T> ResultAsync<T>(IReadOnlyList<IOrchestration> orchestrations, IReadOnlyList<IActivity> activities, object? input = null)
    {
        await StartAsync(orchestrations, activities, input);
        return await OutputAsync<T>();
    }

    /// <summary>Waits until an instance has ended.</summary>
    protected Task<OrchestrationStatus> EndAsync(string instanceId = "instance") =>
        StatusAsync(status => status.RuntimeStatus > OrchestrationRuntimeStatus.Running, instanceId);

    /// <summary>Waits until an instance has completed, and reads its result.</summary>
    protected async Task<T> OutputAsync<T>(string instanceId = "instance")
    {
        var status = await EndAsync(instanceId);
        Assert.Null(status.Failure);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, status.RuntimeStatus);
        return status.Output!.Value.Deserialize<T>(DurableJson.Options)!;
    }

    /// <summary>Waits until an instance's status meets a condition.</summary>
    protected async Task<OrchestrationStatus> StatusAsync(Func<OrchestrationStatus, bool> condition, string instanceId = "instance")
    {
        OrchestrationStatus? status = null;
        await UntilAsync(
            async () =>
            {
                status = await Engine.Client.GetStatusAsync(instanceId, Token);
                var isMet = status is not null && condition(status);
                Assert.True(isMet || status?.RuntimeStatus is not > OrchestrationRuntimeStatus.Running, $"{instanceId} has ended: {status}");
                return isMet;
            },
            () => $"{instanceId}: {status}");
        return status!;
    }

    /// <summary>Asserts events in the order in which they were raised, or only which ones they are if the engine does not promise order.</summary>
    protected void AssertRaised<T>(IReadOnlyList<T> raised, IEnumerable<T> received) =>
        Assert.Equal(raised, Engine.Capabilities.HasFlag(EngineCapabilities.EventOrder) ? received : received.Order());

    /// <summary>Skips a test of an engine that does not promise to end and purge children.</summary>
    protected void RequireRecursion() => Assert.SkipUnless(Engine.Capabilities.HasFlag(EngineCapabilities.Recursion), "The engine does not promise to end and purge children.");

    /// <summary>Waits until a condition is true.</summary>
    protected static async Task UntilAsync(Func<Task<bool>> condition, Func<string>? describe = null)
    {
        var deadline = DateTimeOffset.UtcNow + Timeout;
        for (var pause = 1; !await condition(); pause = Math.Min(pause * 2, 50))
        {
            Assert.True(DateTimeOffset.UtcNow < deadline, $"The condition did not become true in time. {describe?.Invoke()}");
            await Task.Delay(pause, Token);
        }
    }
}

/// <summary>A durable engine under test: one fixture for each test.</summary>
public interface IEngineFixture : IAsyncDisposable
{
    /// <summary>What the engine promises beyond the port.</summary>
    EngineCapabilities Capabilities { get; }

    /// <summary>The running engine's client.</summary>
    IOrchestrationClient Client { get; }

    /// <summary>Starts an engine with these orchestrations and activities.</summary>
    Task StartAsync(IReadOnlyList<IOrchestration> orchestrations, IReadOnlyList<IActivity> activities);

    /// <summary>Stops the engine and starts it again on the same data.</summary>
    Task RestartAsync();
}

/// <summary>What some engines promise and others do not.</summary>
[Flags]
public enum EngineCapabilities
{
    /// <summary>Nothing beyond the port.</summary>
    None = 0,

    /// <summary>Events arrive in the order in which they were raised, however quickly.</summary>
    EventOrder = 1,

    /// <summary>Ending and purging an instance ends and purges its children.</summary>
    Recursion = 2,
}
