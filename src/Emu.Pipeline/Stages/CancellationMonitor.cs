using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Stages;

/// <summary>Looks at a job's record while a stage works, and cancels its token once the job is cancelled, deleted or ended.</summary>
internal sealed class UnwantedWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _unwanted = new();
    private readonly Task _watching;

    public UnwantedWatch(IArtifactStore store, string jobId, TimeSpan interval, TimeProvider time) =>
        _watching = Task.Run(() => WatchAsync(store, jobId, interval, time));

    /// <summary>Cancelled once nobody wants the job's result.</summary>
    public CancellationToken Token => _unwanted.Token;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
        _unwanted.Dispose();
    }

    private async Task WatchAsync(IArtifactStore store, string jobId, TimeSpan interval, TimeProvider time)
    {
        using var timer = new PeriodicTimer(interval, time);
        var records = new JobRecords(store);
        var name = JobNames.Record(jobId);
        string? seen = null;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (await IsUnwantedAsync())
                {
                    await _unwanted.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The stage ended first.
        }

        async Task<bool> IsUnwantedAsync()
        {
            try
            {
                var information = await store.FindAsync(name, _stop.Token);
                if (information is not null && information.ETag == seen)
                {
                    return false;
                }

                seen = information?.ETag;
                return information is null || await records.FindAsync(jobId, _stop.Token) is not { HasEnded: false, IsUnwanted: false };
            }
            catch (ArtifactStoreException)
            {
                // The stage itself will meet a store that stays away; the next tick looks again.
                seen = null;
                return false;
            }
        }
    }
}
