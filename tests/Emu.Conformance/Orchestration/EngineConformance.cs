using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Conformance.Orchestration;

/// <summary>What every class of the suite shares: an engine, and ways to wait for what it does.</summary>
public abstract class EngineConformance : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The engine under test.</summary>
    protected IEngineFixture Engine { get; private set; } = null!;

    /// <summary>Ends when the test's time is up.</summary>
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

    /// <summary>The same, until the instance has ended.</summary>
    protected async Task<OrchestrationStatus> RunAsync(IReadOnlyList<IOrchestration> orchestrations, IReadOnlyList<IActivity> activities, object? input = null)
    {
        await StartAsync(orchestrations, activities, input);
        return await EndAsync();
    }

    /// <summary>The same, and what it completed with.</summary>
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

    /// <summary>Waits until an instance's status is as wanted.</summary>
    protected async Task<OrchestrationStatus> StatusAsync(Func<OrchestrationStatus, bool> wanted, string instanceId = "instance")
    {
        OrchestrationStatus? status = null;
        await UntilAsync(
            async () =>
            {
                status = await Engine.Client.GetStatusAsync(instanceId, Token);
                var isWanted = status is not null && wanted(status);
                Assert.True(isWanted || status?.RuntimeStatus is not > OrchestrationRuntimeStatus.Running, $"{instanceId} has ended: {status}");
                return isWanted;
            },
            () => $"{instanceId}: {status}");
        return status!;
    }

    /// <summary>Waits until a condition holds.</summary>
    protected static async Task UntilAsync(Func<Task<bool>> condition, Func<string>? describe = null)
    {
        var deadline = DateTimeOffset.UtcNow + Patience;
        for (var pause = 1; !await condition(); pause = Math.Min(pause * 2, 50))
        {
            Assert.True(DateTimeOffset.UtcNow < deadline, $"Waited in vain. {describe?.Invoke()}");
            await Task.Delay(pause, Token);
        }
    }
}

/// <summary>What a durable engine brings to be tested: one fixture a test.</summary>
public interface IEngineFixture : IAsyncDisposable
{
    /// <summary>The running engine's client.</summary>
    IOrchestrationClient Client { get; }

    /// <summary>Starts an engine with these orchestrations and activities.</summary>
    Task StartAsync(IReadOnlyList<IOrchestration> orchestrations, IReadOnlyList<IActivity> activities);

    /// <summary>Ends the engine's process, or what comes nearest, and starts it again on the same data.</summary>
    Task RestartAsync();
}
