using Emu.Durable.Abstractions;
using Emu.Durable.Engine;
using FsCheck;
using FsCheck.Fluent;

namespace Emu.Durable.Tests.Replay;

public sealed class ReplayPropertyTests
{
    private static EngineHooks WithoutCrash(int process) => new();

    /// <summary>Crashes at the first commit, or at the second, since an activity that raises an event needs two.</summary>
    private static EngineHooks WithCrashes(int process) => new() { CrashAfterCommits = 1 + (process % 2) };

    [Fact]
    public void Run_RandomProgram_ReplayedOrCrashing_GivesTheSameResult() =>
        Prop.ForAll(RandomProgram.Arbitrary, program => SameResults(program).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(30).WithEndSize(24).WithQuietOnSuccess(true));

    private static async Task<bool> SameResults(RandomProgram program)
    {
        var straight = await RunAsync(new DurableEngineOptions(), WithoutCrash, program);
        using var replayed = new TemporaryFolder();
        Assert.Equal(straight, await RunAsync(new DurableEngineOptions { DataFolder = replayed.Path, MaximumCachedInstances = 0 }, WithoutCrash, program));
        using var restarted = new TemporaryFolder();
        var crashing = new DurableEngineOptions { DataFolder = restarted.Path, StopTimeout = TimeSpan.Zero, MaximumDeliveries = 1_000 };
        Assert.Equal(straight, await RunAsync(crashing, WithCrashes, program));
        Assert.DoesNotContain("different", straight, StringComparison.Ordinal);
        return true;
    }

    /// <summary>Runs a program to its end, with a new engine after every crash.</summary>
    private static async Task<string> RunAsync(DurableEngineOptions options, Func<int, EngineHooks> hooks, RandomProgram program)
    {
        for (var process = 0; process < 5_000; process++)
        {
            DurableEngine engine = null!;
            engine = EngineBuilder.Engine(options, hooks(process))
                .With<RandomProgram, string>("program", (context, input) => input.RunAsync(context, "0"))
                .WithActivity<int, int>("compute", input => (input * 31) ^ 7)
                .WithActivity<string, string>("echo", input => input)
                .WithActivity<int, string>("flaky", (failures, invocation, _) => invocation.Attempt <= failures
                    ? throw new ActivityFailedException(new ActivityFailure($"lost_{invocation.Attempt}", "again", Retryable: true))
                    : Task.FromResult($"attempt {invocation.Attempt}"))
                .WithActivity<string, int>("raise", async (path, invocation, token) =>
                {
                    await engine.RaiseEventAsync(invocation.InstanceId, path, $"raised {path}", token);
                    return 0;
                });
            await using (engine)
            {
                await engine.StartAsync(EngineBuilder.Token);
                try
                {
                    var status = await engine.RunAsync("program", "instance", program);
                    Assert.Null(status.Failure);
                    return status.Output!.Value.GetString()!;
                }
                catch (InvalidOperationException) when (hooks(process).CrashAfterCommits is not null)
                {
                    // It crashed as planned; the next engine continues.
                    await engine.Completion;
                }
            }
        }

        throw new InvalidOperationException("The program did not end.");
    }
}
