using System.Text;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Tests.Stages;

public sealed partial class StageActivityTests
{
    [Fact]
    public async Task RunAsync_LateAttempt_ChangesNothing()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var late = new TestStage(StageNames.Keyframe, async (run, token) =>
        {
            var half = await TestStage.WriteAsync(run, "out.txt", "late", token);
            started.SetResult();
            await release.Task;
            return StageOutcome.Done([half]);
        });
        var first = new TestStage(StageNames.Keyframe, async (run, token) => StageOutcome.Done([await TestStage.WriteAsync(run, "out.txt", "first", token)]));
        var call = await CallAsync();

        var running = Task.Run(() => Activity(late).RunAsync(call, 1, Cancellation), Cancellation);
        await started.Task;
        var done = await Activity(first).RunAsync(call, 1, Cancellation);
        var before = await SnapshotAsync();
        release.SetResult();
        var adopted = await running;

        Assert.Equal(done, adopted);
        Assert.Equal(before.Where(file => !file.Key.Contains("late", StringComparison.Ordinal)), await SnapshotAsync());
        Assert.Equal("first", Encoding.UTF8.GetString((await _store.ReadAsync((await ManifestAsync(call)).Files[0].Artifact, Cancellation))!.Content.Span));

        async Task<SortedDictionary<string, string>> SnapshotAsync()
        {
            var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
            await foreach (var file in _store.ListAsync("jobs/", null, Cancellation))
            {
                var text = Encoding.UTF8.GetString((await _store.ReadAsync(file.Name, Cancellation))!.Content.Span);
                if (text != "late" && !file.Name.EndsWith("progress.json", StringComparison.Ordinal))
                {
                    files[file.Name] = $"{file.ETag} {text}";
                }
            }

            return files;
        }
    }

    [Fact]
    public async Task RunAsync_LateAttemptAfterDeletion_StoresNothing()
    {
        var started = new TaskCompletionSource();
        var noticed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource();
        var late = new TestStage(StageNames.Keyframe, async (run, token) =>
        {
            await using var registration = token.Register(noticed.SetResult);
            started.SetResult();
            await release.Task;
            token.ThrowIfCancellationRequested();
            return await TestStage.WriteOutputAsync(run, token);
        });
        var call = await CallAsync();
        var running = Task.Run(() => Activity(late).RunAsync(call, 1, Cancellation), Cancellation);
        await started.Task;

        await _jobs.DeleteAsync("local", call.JobId, Cancellation);
        await noticed.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        release.SetResult();
        var failed = await Assert.ThrowsAsync<ActivityFailedException>(() => running);

        Assert.Equal((FailureCodes.Cancelled, false), (failed.Failure.Code, failed.Failure.Retryable));
        Assert.Null(await _store.FindAsync(JobNames.Manifest(call.JobId, StageNames.Keyframe), Cancellation));
        Assert.Equal(JobState.Deleted, (await new JobRecords(_store).FindAsync(call.JobId, Cancellation))!.State);
    }

    [Fact]
    public async Task RunAsync_CancelledMeanwhile_StopsTheBody()
    {
        var stage = new TestStage(StageNames.Keyframe, async (_, token) =>
        {
            // What a native call throws when it is told to stop is its own affair.
            var stopped = new TaskCompletionSource();
            using var registration = token.Register(stopped.SetResult);
            await stopped.Task;
            throw new InvalidOperationException("terminate flag was set");
        });
        var call = await CallAsync();
        var running = Activity(stage).RunAsync(call, 1, Cancellation);

        await _jobs.CancelAsync("local", call.JobId, Cancellation);

        Assert.Equal(FailureCodes.Cancelled, (await Assert.ThrowsAsync<ActivityFailedException>(() => running)).Failure.Code);
        Assert.Equal(FailureCodes.Cancelled, (await Assert.ThrowsAsync<ActivityFailedException>(() => Activity(new TestStage(StageNames.Keyframe)).RunAsync(call, 2, Cancellation))).Failure.Code);
    }

    [Fact]
    public async Task RunAsync_HostStops_IsNotAFailure()
    {
        using var host = new CancellationTokenSource();
        var stage = new TestStage(StageNames.Keyframe, async (_, token) =>
        {
            await host.CancelAsync();
            token.ThrowIfCancellationRequested();
            return null!;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Activity(stage).RunAsync(await CallAsync(), 1, host.Token));
    }
}
