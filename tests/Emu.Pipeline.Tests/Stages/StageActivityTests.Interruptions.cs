using System.Text;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Tests.Stages;

public sealed partial class StageActivityTests
{
    [Fact]
    public async Task RunAsync_Zombie_ChangesNothing()
    {
        var asleep = new TaskCompletionSource();
        var wake = new TaskCompletionSource();
        var zombie = new TestStage(StageNames.Keyframe, async (run, token) =>
        {
            var half = await TestStage.WriteAsync(run, "out.txt", "zombie's", token);
            asleep.SetResult();
            await wake.Task;
            return StageOutcome.Done([half]);
        });
        var living = new TestStage(StageNames.Keyframe, async (run, token) => StageOutcome.Done([await TestStage.WriteAsync(run, "out.txt", "the living's", token)]));
        var call = await CallAsync();

        var sleeping = Task.Run(() => Activity(zombie).RunAsync(call, 1, Cancellation), Cancellation);
        await asleep.Task;
        var done = await Activity(living).RunAsync(call, 1, Cancellation);
        var before = await SnapshotAsync();
        wake.SetResult();
        var woken = await sleeping;

        Assert.Equal(done, woken);
        Assert.Equal(before.Where(file => !file.Key.Contains("zombie", StringComparison.Ordinal)), await SnapshotAsync());
        Assert.Equal("the living's", Encoding.UTF8.GetString((await _store.ReadAsync((await ManifestAsync(call)).Files[0].Artifact, Cancellation))!.Content.Span));

        async Task<SortedDictionary<string, string>> SnapshotAsync()
        {
            var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
            await foreach (var file in _store.ListAsync("jobs/", null, Cancellation))
            {
                var text = Encoding.UTF8.GetString((await _store.ReadAsync(file.Name, Cancellation))!.Content.Span);
                if (text != "zombie's" && !file.Name.EndsWith("progress.json", StringComparison.Ordinal))
                {
                    files[file.Name] = $"{file.ETag} {text}";
                }
            }

            return files;
        }
    }

    [Fact]
    public async Task RunAsync_ZombieAfterTheJobsEnd_LeavesNothing()
    {
        var asleep = new TaskCompletionSource();
        var wake = new TaskCompletionSource();
        var zombie = new TestStage(StageNames.Keyframe, async (run, token) =>
        {
            asleep.SetResult();
            await wake.Task;
            token.ThrowIfCancellationRequested();
            return await TestStage.LeaveAsync(run, token);
        });
        var call = await CallAsync();
        var sleeping = Task.Run(() => Activity(zombie).RunAsync(call, 1, Cancellation), Cancellation);
        await asleep.Task;

        await _jobs.DeleteAsync("local", call.JobId, Cancellation);
        await Task.Delay(200, Cancellation);
        wake.SetResult();
        var failed = await Assert.ThrowsAsync<ActivityFailedException>(() => sleeping);

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
    public async Task RunAsync_HostStops_IsNoFailureOfTheJob()
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
