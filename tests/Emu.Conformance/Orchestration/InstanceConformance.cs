using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Conformance.Orchestration;

/// <summary>Instances: starting, status, results, failures, termination, purging.</summary>
public abstract class InstanceConformance : EngineConformance
{
    [Fact]
    public async Task Run_Input_BecomesOutput()
    {
        var output = await ResultAsync<string>([Orchestration<string, string>("echo", (_, input) => Task.FromResult(input + "!"))], [], "häßlich \"quoted\" 🐣");
        Assert.Equal("häßlich \"quoted\" 🐣!", output);
    }

    [Fact]
    public async Task Run_NoInput_IsNull()
    {
        Assert.True(await ResultAsync<bool>([Orchestration<JsonElement, bool>("null", (_, input) => Task.FromResult(input.ValueKind == JsonValueKind.Null))], []));
    }

    [Fact]
    public async Task StartIfAbsent_SecondTime_ChangesNothing()
    {
        var first = await ResultAsync<int>([Orchestration<int, int>("echo", (_, input) => Task.FromResult(input))], [], 1);
        Assert.False(await Engine.Client.StartIfAbsentAsync("echo", "instance", 2, Token));
        Assert.Equal(1, first);
        Assert.Equal(1, await OutputAsync<int>());
    }

    [Fact]
    public async Task StartIfAbsent_ManyAtOnce_StartsOne()
    {
        var orchestration = Orchestration<int, int>("echo", (_, input) => Task.FromResult(input));
        await Engine.StartAsync([orchestration], []);
        var started = await Task.WhenAll(Enumerable.Range(0, 20).Select(index => Task.Run(() => Engine.Client.StartIfAbsentAsync("echo", "instance", index, Token))));
        var winner = Assert.Single(Enumerable.Range(0, 20), index => started[index]);
        Assert.Equal(winner, await OutputAsync<int>());
    }

    [Fact]
    public async Task StartIfAbsent_UnknownOrchestration_Throws()
    {
        await Engine.StartAsync([Orchestration<int, int>("echo", (_, input) => Task.FromResult(input))], []);
        var exception = await Assert.ThrowsAnyAsync<ArgumentException>(() => Engine.Client.StartIfAbsentAsync("missing", "instance", null, Token));
        Assert.Contains("missing", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetStatus_UnknownInstance_IsNull()
    {
        await Engine.StartAsync([Orchestration<int, int>("echo", (_, input) => Task.FromResult(input))], []);
        Assert.Null(await Engine.Client.GetStatusAsync("missing", Token));
    }

    [Fact]
    public async Task GetStatus_WhileRunning_ShowsStatusText()
    {
        var orchestration = Orchestration<int, string>("wait", async (context, _) =>
        {
            context.SetStatus("first");
            context.SetStatus("waiting");
            await context.WaitForEventAsync<int>("go");
            context.SetStatus("done");
            return "ok";
        });
        var before = DateTimeOffset.UtcNow.AddMinutes(-5);
        await StartAsync([orchestration], []);
        var running = await StatusAsync(status => status.CustomStatus is not null);
        Assert.Equal(OrchestrationRuntimeStatus.Running, running.RuntimeStatus);
        Assert.Equal(("instance", "wait", "waiting"), (running.InstanceId, running.Orchestration, running.CustomStatus));
        Assert.Null(running.Output);
        Assert.InRange(running.CreatedAt, before, running.UpdatedAt);

        await Engine.Client.RaiseEventAsync("instance", "go", 1, Token);
        var ended = await EndAsync();
        Assert.Equal("done", ended.CustomStatus);
        Assert.Equal(running.CreatedAt, ended.CreatedAt);
        Assert.True(ended.UpdatedAt >= running.UpdatedAt);
    }

    [Fact]
    public async Task Run_UnexpectedException_FailsWithData()
    {
        var status = await RunAsync([Orchestration<int, int>("throw", (_, _) => throw new InvalidDataException("the reason"))], []);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, status.RuntimeStatus);
        Assert.Equal("internal_error", status.Failure!.Code);
        Assert.Contains("the reason", status.Failure.Message, StringComparison.Ordinal);
        Assert.False(status.Failure.Retryable);
        Assert.Null(status.Output);
    }

    [Fact]
    public async Task Run_ThrowsActivityFailed_FailsWithThatFailure()
    {
        var failure = new ActivityFailure("no_good", "because", Retryable: true);
        var status = await RunAsync([Orchestration<int, int>("throw", (_, _) => throw new ActivityFailedException(failure))], []);
        Assert.Equal(failure, status.Failure);
    }

    [Fact]
    public async Task Terminate_Running_EndsAndDropsActivities()
    {
        using var release = new SemaphoreSlim(0);
        var orchestration = Orchestration<int, int>("outer", (context, _) => context.CallActivityAsync<int>("slow", null));
        var slow = Activity<JsonElement, int>("slow", async (_, _, token) =>
        {
            await release.WaitAsync(token);
            return 1;
        });
        await StartAsync([orchestration], [slow]);
        await StatusAsync(status => status.RuntimeStatus == OrchestrationRuntimeStatus.Running);
        await Engine.Client.TerminateAsync("instance", "enough", Token);
        var status = await EndAsync();
        release.Release();
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, status.RuntimeStatus);
        Assert.Equal("terminated", status.Failure!.Code);
        Assert.Contains("enough", status.Failure.Message, StringComparison.Ordinal);

        await Engine.Client.TerminateAsync("instance", "again", Token);
        await Engine.Client.TerminateAsync("missing", "unknown", Token);
        Assert.Equal(status, await Engine.Client.GetStatusAsync("instance", Token));
    }

    [Fact]
    public async Task Purge_Ended_RemovesIt()
    {
        await ResultAsync<int>([Orchestration<int, int>("echo", (_, input) => Task.FromResult(input))], [], 1);
        Assert.True(await Engine.Client.PurgeAsync("instance", Token));
        Assert.Null(await Engine.Client.GetStatusAsync("instance", Token));
        Assert.False(await Engine.Client.PurgeAsync("instance", Token));

        Assert.True(await Engine.Client.StartIfAbsentAsync("echo", "instance", 2, Token));
        Assert.Equal(2, await OutputAsync<int>());
    }

    [Fact]
    public async Task Purge_Running_RefusesIt()
    {
        await StartAsync([Orchestration<int, int>("wait", (context, _) => context.WaitForEventAsync<int>("go"))], []);
        Assert.False(await Engine.Client.PurgeAsync("instance", Token));
        await Engine.Client.RaiseEventAsync("instance", "go", 7, Token);
        Assert.Equal(7, await OutputAsync<int>());
    }

    [Fact]
    public async Task NewGuid_Twice_DiffersAndSurvivesReplay()
    {
        var orchestration = Orchestration<int, Guid[]>("guids", async (context, _) =>
        {
            var (first, second) = (context.NewGuid(), context.NewGuid());
            await context.CallActivityAsync<int>("one", null);
            var echoed = await context.CallActivityAsync<Guid>("echo", first);
            return [first, second, context.NewGuid(), echoed];
        });
        var guids = await ResultAsync<Guid[]>([orchestration], [Activity<JsonElement, int>("one", _ => 1), Activity<Guid, Guid>("echo", input => input)]);
        Assert.Equal(guids[0], guids[3]);
        Assert.Equal(3, guids.Distinct().Count());
    }

    [Fact]
    public async Task CurrentTime_AfterActivities_NeverDecreases()
    {
        var orchestration = Orchestration<int, DateTimeOffset[]>("times", async (context, _) =>
        {
            var start = context.CurrentTime;
            var echoed = await context.CallActivityAsync<DateTimeOffset>("echo", start);
            return [start, context.CurrentTime, echoed];
        });
        var times = await ResultAsync<DateTimeOffset[]>([orchestration], [Activity<DateTimeOffset, DateTimeOffset>("echo", input => input)]);
        Assert.Equal(times[0], times[2]);
        Assert.True(times[1] >= times[0]);
        Assert.Equal(TimeSpan.Zero, times[0].Offset);
    }
}
