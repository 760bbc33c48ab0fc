using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Local.Progress;

/// <summary>Turns a job's progress, which is a sample now and then, into reports without gaps: a stage is complete before the next one begins.</summary>
/// <param name="view">Where to report.</param>
/// <param name="frames">The frames of the video: what a person counts where the pipeline counts hundredths of chunks.</param>
internal sealed class ProgressReports(IJobView view, int frames)
{
    private (string Stage, int Done, int Total)? _last;

    /// <summary>The job's progress as it was just read.</summary>
    public void Add(JobProgress progress)
    {
        var (done, total) = progress.Stage == StageNames.Upsample
            ? ((int)((long)progress.UnitsDone * frames / progress.UnitsTotal), frames)
            : (progress.UnitsDone, progress.UnitsTotal);
        if (_last is { } last && last.Stage != progress.Stage)
        {
            Complete();
        }
        else if (_last is { } same && done >= total && same.Total > total)
        {
            // A finished stage says "one of one", whatever its units were.
            (done, total) = (same.Total, same.Total);
        }

        Report((progress.Stage, done, total));
    }

    /// <summary>The stage that was last reported is complete.</summary>
    public void Complete()
    {
        if (_last is { } last && last.Done < last.Total)
        {
            Report(last with { Done = last.Total });
        }
    }

    private void Report((string Stage, int Done, int Total) progress)
    {
        if (progress != _last)
        {
            _last = progress;
            view.Report(progress.Stage, progress.Done, progress.Total);
        }
    }
}
