using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Stages;

/// <summary>Writes a stage's progress, a few times a second at most.</summary>
internal sealed class StageProgress(IArtifactStore store, IJobProgressStore progress, StageCall call, string stage, TimeSpan interval, TimeProvider time)
{
    private const int UnitsOfChunk = 100;

    private long _written;
    private int _units = 1;

    /// <summary>Writes what is done, unless something was written just now.</summary>
    public ValueTask ReportAsync(int done, int total, CancellationToken cancellationToken)
    {
        _units = total;
        if (_written != 0 && time.GetElapsedTime(_written) < interval)
        {
            return ValueTask.CompletedTask;
        }

        _written = Math.Max(1, time.GetTimestamp());
        return WriteAsync(done, total, false, cancellationToken);
    }

    /// <summary>Writes that everything is done, counted as the body counted.</summary>
    public ValueTask CompleteAsync(CancellationToken cancellationToken) => WriteAsync(_units, _units, true, cancellationToken);

    private async ValueTask WriteAsync(int done, int total, bool isComplete, CancellationToken cancellationToken)
    {
        (done, total) = await WholeStageAsync(done, total, cancellationToken);
        var span = call.Span;
        var percent = Math.Min(99, span.PercentFrom + (int)((long)(span.PercentTo - span.PercentFrom) * done / total));
        var report = new JobProgress(span.Ordinal, span.Stages, stage, done, total, percent, time.GetUtcNow(), isComplete && done == total);
        await progress.WriteAsync(call.JobId, report, cancellationToken);
    }

    // A split stage counts hundredths of a chunk: the finished chunks' and this one's.
    private async ValueTask<(int Done, int Total)> WholeStageAsync(int done, int total, CancellationToken cancellationToken)
    {
        if (call.Chunk is not { } chunk || call.Chunks is not { } chunks)
        {
            return (Math.Clamp(done, 0, total), total);
        }

        var finished = 0;
        for (var other = 0; other < chunks; other++)
        {
            if (other != chunk && await store.FindAsync(JobNames.Manifest(call.JobId, StageNames.Chunk(stage, other)), cancellationToken) is not null)
            {
                finished++;
            }
        }

        return ((finished * UnitsOfChunk) + (Math.Clamp(done, 0, total) * UnitsOfChunk / total), chunks * UnitsOfChunk);
    }
}
