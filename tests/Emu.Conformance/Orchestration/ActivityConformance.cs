using System.Collections.Concurrent;
using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Conformance.Orchestration;

/// <summary>Activities: results, failures, retries, joins.</summary>
public abstract class ActivityConformance : EngineConformance
{
    [Fact]
    public async Task CallActivity_InSequence_PassesResultsOn()
    {
        var orchestration = Orchestration<int, int>("chain", async (context, input) =>
        {
            for (var index = 0; index < 20; index++)
            {
                input = await context.CallActivityAsync<int>("increment", input);
            }

            return input;
        });
        Assert.Equal(25, await ResultAsync<int>([orchestration], [Activity<int, int>("increment", input => input + 1)], 5));
    }

    [Fact]
    public async Task CallActivity_Invocation_NamesInstanceAndAttempt()
    {
        var seen = new ConcurrentQueue<ActivityInvocation>();
        var activity = Activity<string, int>("note", (_, invocation, _) =>
        {
            seen.Enqueue(invocation);
            return Task.FromResult(0);
        });
        await ResultAsync<int>([Orchestration<int, int>("call", (context, _) => context.CallActivityAsync<int>("note", "text"))], [activity]);
        var invocation = Assert.Single(seen);
        Assert.Equal(("instance", "note", 1), (invocation.InstanceId, invocation.Name, invocation.Attempt));
    }

    [Fact]
    public async Task CallActivity_NullResult_IsDefault()
    {
        var orchestration = Orchestration<int, string>("call", async (context, _) => await context.CallActivityAsync<string?>("null", null) ?? "nothing");
        Assert.Equal("nothing", await ResultAsync<string>([orchestration], [Activity<JsonElement, string?>("null", _ => null)]));
    }

    [Fact]
    public async Task CallActivity_Fails_SurfacesAsData()
    {
        var orchestration = Orchestration<int, ActivityFailure>("catch", async (context, _) =>
        {
            try
            {
                await context.CallActivityAsync<int>("fail", null);
                throw new InvalidOperationException("It should have failed.");
            }
            catch (ActivityFailedException exception)
            {
                return exception.Failure;
            }
        });
        var failure = new ActivityFailure("invalid_input", new string('é', 10_000), Retryable: false);
        var output = await ResultAsync<ActivityFailure>([orchestration], [Activity<JsonElement, int>("fail", _ => throw new ActivityFailedException(failure))]);
        Assert.Equal(failure, output);
        Assert.Equal(ActivityFailure.MaximumMessageLength, output.Message.Length);
    }

    [Fact]
    public async Task CallActivity_UnexpectedException_IsRetryableInternalError()
    {
        var status = await RunAsync(
            [Orchestration<int, int>("call", (context, _) => context.CallActivityAsync<int>("fail", null))],
            [Activity<JsonElement, int>("fail", _ => throw new InvalidDataException("broken"))]);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, status.RuntimeStatus);
        Assert.Equal(("internal_error", true), (status.Failure!.Code, status.Failure.Retryable));
        Assert.Contains("broken", status.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallActivity_FailsTwice_RetrySendsTheSameInput()
    {
        var seen = new ConcurrentQueue<(int Attempt, string Input)>();
        var activity = Activity<JsonElement, string>("flaky", (input, invocation, _) =>
        {
            seen.Enqueue((invocation.Attempt, input.GetRawText()));
            return invocation.Attempt < 3 ? throw new ActivityFailedException(new ActivityFailure("device_lost", "again", Retryable: true)) : Task.FromResult("ok");
        });
        var orchestration = Orchestration<int, string>("retry", async (context, _) =>
        {
            var input = new List<int> { 1, 2 };
            var call = context.CallActivityAsync<string>("flaky", input, new RetryPolicy(5, TimeSpan.FromMilliseconds(20)));
            input.Add(3);
            return await call;
        });
        Assert.Equal("ok", await ResultAsync<string>([orchestration], [activity]));
        Assert.Equal([(1, "[1,2]"), (2, "[1,2]"), (3, "[1,2]")], seen);
    }

    [Fact]
    public async Task CallActivity_AlwaysFails_FailsWithTheLastFailure()
    {
        var calls = 0;
        var status = await RunAsync(
            [Orchestration<int, int>("retry", (context, _) => context.CallActivityAsync<int>("fail", null, new RetryPolicy(3, TimeSpan.FromMilliseconds(10))))],
            [Activity<JsonElement, int>("fail", _ => throw new ActivityFailedException(new ActivityFailure($"failure_{Interlocked.Increment(ref calls)}", "no", Retryable: true)))]);
        Assert.Equal("failure_3", status.Failure!.Code);
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task CallActivity_NotRetryable_IsCalledOnce()
    {
        var calls = 0;
        var activity = Activity<JsonElement, int>("fail", _ =>
        {
            Interlocked.Increment(ref calls);
            throw new ActivityFailedException(new ActivityFailure("invalid_input", "never", Retryable: false));
        });
        var status = await RunAsync([Orchestration<int, int>("retry", (context, _) => context.CallActivityAsync<int>("fail", null, new RetryPolicy(5, TimeSpan.Zero)))], [activity]);
        Assert.Equal("invalid_input", status.Failure!.Code);
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task CallActivity_RetryDelays_PassBetweenAttempts()
    {
        var orchestration = Orchestration<int, double>("retry", async (context, _) =>
        {
            var start = context.CurrentTime;
            await context.CallActivityAsync<int>("flaky", null, new RetryPolicy(3, TimeSpan.FromMilliseconds(50), backoffCoefficient: 3));
            return (context.CurrentTime - start).TotalMilliseconds;
        });
        var activity = Activity<JsonElement, int>("flaky", (_, invocation, _) => invocation.Attempt < 3 ? throw new InvalidDataException() : Task.FromResult(1));
        Assert.InRange(await ResultAsync<double>([orchestration], [activity]), 200, double.MaxValue);
    }

    [Fact]
    public async Task WhenAll_ManyActivities_KeepsTheirOrder()
    {
        var orchestration = Orchestration<int, int[]>("fan", (context, count) =>
            Task.WhenAll(Enumerable.Range(0, count).Select(index => context.CallActivityAsync<int>("square", index))));
        var activity = Activity<int, int>("square", async (input, _, token) =>
        {
            await Task.Delay((input * 7) % 5, token);
            return input * input;
        });
        Assert.Equal(Enumerable.Range(0, 50).Select(index => index * index), await ResultAsync<int[]>([orchestration], [activity], 50));
    }

    [Fact]
    public async Task WhenAny_FirstToComplete_IsFirstOnReplayToo()
    {
        using var release = new SemaphoreSlim(0);
        var orchestration = Orchestration<int, string[]>("race", async (context, _) =>
        {
            var slow = context.CallActivityAsync<string>("slow", null);
            var quick = context.CallActivityAsync<string>("quick", null);
            var first = await Task.WhenAny(slow, quick);
            var after = await context.CallActivityAsync<string>("release", null);
            return [await first, after, await slow, await quick];
        });
        var output = await ResultAsync<string[]>(
            [orchestration],
            [
                Activity<JsonElement, string>("slow", async (_, _, token) =>
                {
                    await release.WaitAsync(token);
                    return "slow";
                }),
                Activity<JsonElement, string>("quick", _ => "quick"),
                Activity<JsonElement, string>("release", _ =>
                {
                    release.Release();
                    return "released";
                }),
            ]);
        Assert.Equal(["quick", "released", "slow", "quick"], output);
    }

    [Fact]
    public async Task Run_ReturnsBeforeItsActivityEnds_EndsAfterIt()
    {
        using var release = new SemaphoreSlim(0);
        var ran = false;
        var orchestration = Orchestration<int, string>("forget", (context, input) =>
        {
            _ = context.CallActivityAsync<int>("slow", null);
            context.SetStatus("returned");
            return Task.FromResult("ok");
        });
        var slow = Activity<JsonElement, int>("slow", async (_, _, token) =>
        {
            await release.WaitAsync(token);
            ran = true;
            return 1;
        });
        await StartAsync([orchestration], [slow]);
        var status = await StatusAsync(status => status.CustomStatus == "returned");
        Assert.Equal(OrchestrationRuntimeStatus.Running, status.RuntimeStatus);
        release.Release();
        Assert.Equal("ok", await OutputAsync<string>());
        Assert.True(ran);
    }
}
