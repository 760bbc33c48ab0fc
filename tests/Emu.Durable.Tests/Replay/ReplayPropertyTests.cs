using Emu.Durable.Abstractions;
using Emu.Durable.Engine;
using FsCheck;
using FsCheck.Fluent;

namespace Emu.Durable.Tests.Replay;

public sealed class ReplayPropertyTests
{
    private static EngineHooks Immortal(int process) => new();

    /// <summary>Dies at the first step forward, or at the second: an activity that raises an event takes two.</summary>
    private static EngineHooks Mortal(int process) => new() { DieAfterCommits = 1 + (process % 2) };

    [Fact]
    public void Run_RandomProgram_SameResultHoweverItIsInterrupted() =>
        Prop.ForAll(RandomProgram.Arbitrary, program => SameResults(program).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(30).WithEndSize(24).WithQuietOnSuccess(true));

    private static async Task<bool> SameResults(RandomProgram program)
    {
        var straight = await RunAsync(new DurableEngineOptions(), Immortal, program);
        using var replayed = new TemporaryFolder();
        Assert.Equal(straight, await RunAsync(new DurableEngineOptions { DataFolder = replayed.Path, MaximumCachedInstances = 0 }, Immortal, program));
        using var restarted = new TemporaryFolder();
        var mortal = new DurableEngineOptions { DataFolder = restarted.Path, StopTimeout = TimeSpan.Zero, MaximumDeliveries = 1_000 };
        Assert.Equal(straight, await RunAsync(mortal, Mortal, program));
        Assert.DoesNotContain("different", straight, StringComparison.Ordinal);
        return true;
    }

    /// <summary>Runs a program to its end, in as many engines as it takes.</summary>
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
                catch (InvalidOperationException) when (hooks(process).DieAfterCommits is not null)
                {
                    // It died as it was told to: the next one goes on.
                    await engine.Completion;
                }
            }
        }

        throw new InvalidOperationException("The program does not come to its end.");
    }
}
