using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Stages;

/// <summary>Polls a job's record while a stage runs, and cancels its token when the job is cancelled, deleted or has ended.</summary>
internal sealed class CancellationMonitor : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _cancelled = new();
    private readonly Task _polling;

    public CancellationMonitor(IArtifactStore store, string jobId, TimeSpan interval, TimeProvider time) =>
        _polling = Task.Run(() => PollAsync(store, jobId, interval, time));

    /// <summary>Cancelled when the job is cancelled, deleted or has ended.</summary>
    public CancellationToken Token => _cancelled.Token;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _polling;
        _stop.Dispose();
        _cancelled.Dispose();
    }

    private async Task PollAsync(IArtifactStore store, string jobId, TimeSpan interval, TimeProvider time)
    {
        using var timer = new PeriodicTimer(interval, time);
        var records = new JobRecords(store);
        var name = JobNames.Record(jobId);
        string? seen = null;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (await IsOverAsync())
                {
                    await _cancelled.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The stage ended first.
        }

        async Task<bool> IsOverAsync()
        {
            try
            {
                var information = await store.FindAsync(name, _stop.Token);
                if (information is not null && information.ETag == seen)
                {
                    return false;
                }

                seen = information?.ETag;
                return information is null || await records.FindAsync(jobId, _stop.Token) is not { HasEnded: false, IsCancelledOrDeleted: false };
            }
            catch (ArtifactStoreException)
            {
                // The stage meets a lasting failure of the store itself; the next tick reads the record again.
                seen = null;
                return false;
            }
        }
    }
}
