using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Conformance.Orchestration;

/// <summary>Child orchestrations.</summary>
public abstract class ChildConformance : EngineConformance
{
    [Fact]
    public async Task CallChild_Completes_ReturnsItsResult()
    {
        var parent = Orchestration<int, int>("parent", async (context, input) => await context.CallChildAsync<int>("child", $"{context.InstanceId}.child", input) + 1);
        var child = Orchestration<int, int>("child", async (context, input) => await context.CallActivityAsync<int>("double", input));
        Assert.Equal(43, await ResultAsync<int>([parent, child], [Activity<int, int>("double", input => input * 2)], 21));
        var status = await EndAsync("instance.child");
        Assert.Equal(("child", OrchestrationRuntimeStatus.Completed), (status.Orchestration, status.RuntimeStatus));
    }

    [Fact]
    public async Task CallChild_Fails_SurfacesAsData()
    {
        var failure = new ActivityFailure("no_face", "no face found", Retryable: false);
        var parent = Orchestration<int, ActivityFailure>("parent", async (context, _) =>
        {
            try
            {
                await context.CallChildAsync<int>("child", "child", null);
                throw new InvalidOperationException("It should have failed.");
            }
            catch (ActivityFailedException exception)
            {
                return exception.Failure;
            }
        });
        var child = Orchestration<JsonElement, int>("child", (context, _) => context.CallActivityAsync<int>("fail", null));
        Assert.Equal(failure, await ResultAsync<ActivityFailure>([parent, child], [Activity<JsonElement, int>("fail", _ => throw new ActivityFailedException(failure))]));
    }

    [Fact]
    public async Task CallChild_FailsOnce_RetryRunsItAgainUnderTheSameId()
    {
        var calls = 0;
        var parent = Orchestration<int, string>("parent", (context, _) =>
            context.CallChildAsync<string>("child", "child", "input", new RetryPolicy(3, TimeSpan.FromMilliseconds(20))));
        var child = Orchestration<string, string>("child", (context, input) => context.CallActivityAsync<string>("flaky", input));
        var flaky = Activity<string, string>("flaky", input =>
            Interlocked.Increment(ref calls) == 1 ? throw new ActivityFailedException(new ActivityFailure("device_lost", "again", Retryable: true)) : input + " ok");
        Assert.Equal("input ok", await ResultAsync<string>([parent, child], [flaky]));
        Assert.Equal(2, calls);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await EndAsync("child")).RuntimeStatus);
    }

    [Fact]
    public async Task CallChild_Many_RunConcurrently()
    {
        var parent = Orchestration<int, int>("parent", async (context, count) =>
            (await Task.WhenAll(Enumerable.Range(0, count).Select(index => context.CallChildAsync<int>("child", $"child.{index}", index)))).Sum());
        var child = Orchestration<int, int>("child", async (context, input) => await context.CallActivityAsync<int>("double", input));
        Assert.Equal(380, await ResultAsync<int>([parent, child], [Activity<int, int>("double", input => input * 2)], 20));
    }

    [Fact]
    public async Task CallChild_Unknown_FailsTheParent()
    {
        var parent = Orchestration<int, int>("parent", (context, _) => context.CallChildAsync<int>("missing", "child", null));
        var status = await RunAsync([parent], []);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, status.RuntimeStatus);
        Assert.Contains("missing", status.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_Child_FailsTheParent()
    {
        var parent = Orchestration<int, int>("parent", (context, _) => context.CallChildAsync<int>("child", "child", null));
        var child = Orchestration<JsonElement, int>("child", (context, _) => context.WaitForEventAsync<int>("never"));
        await StartAsync([parent, child], []);
        await StatusAsync(status => status.RuntimeStatus == OrchestrationRuntimeStatus.Running, "child");
        await Engine.Client.TerminateAsync("child", "enough", Token);
        var status = await EndAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, status.RuntimeStatus);
        Assert.Equal("terminated", status.Failure!.Code);
    }

    [Fact]
    public async Task Terminate_Parent_EndsItsChildren()
    {
        RequireRecursion();
        var parent = Orchestration<int, int>("parent", (context, _) => context.CallChildAsync<int>("child", "child", null));
        var child = Orchestration<JsonElement, int>("child", (context, _) => context.CallChildAsync<int>("grandchild", "grandchild", null));
        var grandchild = Orchestration<JsonElement, int>("grandchild", (context, _) => context.WaitForEventAsync<int>("never"));
        await StartAsync([parent, child, grandchild], []);
        await StatusAsync(status => status.RuntimeStatus == OrchestrationRuntimeStatus.Running, "grandchild");
        await Engine.Client.TerminateAsync("instance", "enough", Token);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await EndAsync()).RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await EndAsync("child")).RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await EndAsync("grandchild")).RuntimeStatus);
    }

    [Fact]
    public async Task Purge_Parent_RemovesItsChildren()
    {
        RequireRecursion();
        var parent = Orchestration<int, int>("parent", (context, _) => context.CallChildAsync<int>("child", "child", 3));
        var child = Orchestration<int, int>("child", (_, input) => Task.FromResult(input));
        await ResultAsync<int>([parent, child], []);
        Assert.True(await Engine.Client.PurgeAsync("instance", Token));
        Assert.Null(await Engine.Client.GetStatusAsync("child", Token));
    }
}
