using Emu.Durable.Abstractions;

namespace Emu.Durable.Tests.Replay;

public sealed class NonDeterminismTests
{
    public static TheoryData<string, string, string> Changes { get; } = new()
    {
        { "another activity", "activity 'first'", "activity 'other'" },
        { "a timer instead", "activity 'first'", "a timer" },
        { "a child instead", "activity 'first'", "child 'other' with id 'child'" },
        { "nothing", "activity 'first'", "nothing" },
        { "one more before", "activity 'first'", "activity 'extra'" },
        { "one more after", "nothing more", "activity 'extra'" },
        { "the second earlier", "nothing more", "activity 'second'" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Restart_ChangedCode_FailsAndNamesBoth(string change, string recorded, string found)
    {
        using var folder = new TemporaryFolder();
        await using (var engine = await Engine(folder, Original).StartedAsync())
        {
            await engine.StartIfAbsentAsync("job", "instance", null, EngineBuilder.Token);
            await EngineBuilder.UntilAsync(async () => (await engine.GetStatusAsync("instance", EngineBuilder.Token))!.CustomStatus == "waiting");
        }

        await using var changed = await Engine(folder, context => Changed(context, change)).StartedAsync();
        await changed.RaiseEventAsync("instance", "go", null, EngineBuilder.Token);
        var status = await changed.WaitForEndAsync("instance", EngineBuilder.Token);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, status!.RuntimeStatus);
        Assert.Equal(("non_determinism", false), (status.Failure!.Code, status.Failure.Retryable));
        Assert.Contains($"the history has {recorded}", status.Failure.Message, StringComparison.Ordinal);
        Assert.Contains($"the code asks for {found}", status.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_SameCode_GoesOn()
    {
        using var folder = new TemporaryFolder();
        await using (var engine = await Engine(folder, Original).StartedAsync())
        {
            await engine.StartIfAbsentAsync("job", "instance", null, EngineBuilder.Token);
            await EngineBuilder.UntilAsync(async () => (await engine.GetStatusAsync("instance", EngineBuilder.Token))!.CustomStatus == "waiting");
        }

        await using var same = await Engine(folder, Original).StartedAsync();
        await same.RaiseEventAsync("instance", "go", null, EngineBuilder.Token);
        Assert.Equal("second", (await same.WaitForEndAsync("instance", EngineBuilder.Token))!.Output!.Value.GetString());
    }

    private static DurableEngine Engine(TemporaryFolder folder, Func<IOrchestrationContext, Task<string>> run) => EngineBuilder.Engine(folder)
        .With<object?, string>("job", (context, _) => run(context))
        .With<object?, string>("other", (_, _) => Task.FromResult("other"))
        .WithActivity<object?, string>("first", _ => "first")
        .WithActivity<object?, string>("second", _ => "second")
        .WithActivity<object?, string>("other", _ => "other")
        .WithActivity<object?, string>("extra", _ => "extra");

    private static async Task<string> Original(IOrchestrationContext context)
    {
        await context.CallActivityAsync<string>("first", null);
        context.SetStatus("waiting");
        await context.WaitForEventAsync<object?>("go");
        return await context.CallActivityAsync<string>("second", null);
    }

    private static async Task<string> Changed(IOrchestrationContext context, string change)
    {
        switch (change)
        {
            case "another activity":
                await context.CallActivityAsync<string>("other", null);
                break;
            case "a timer instead":
                await context.CreateTimerAsync(context.CurrentTime);
                break;
            case "a child instead":
                await context.CallChildAsync<string>("other", "child", null);
                break;
            case "nothing":
                break;
            case "one more before":
                await context.CallActivityAsync<string>("extra", null);
                await context.CallActivityAsync<string>("first", null);
                break;
            case "one more after":
                await context.CallActivityAsync<string>("first", null);
                await context.CallActivityAsync<string>("extra", null);
                break;
            default:
                await context.CallActivityAsync<string>("first", null);
                return await context.CallActivityAsync<string>("second", null);
        }

        await context.WaitForEventAsync<object?>("go");
        return await context.CallActivityAsync<string>("second", null);
    }
}
