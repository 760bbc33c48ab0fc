using System.CommandLine;
using Emu.Local.CommandLine;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Commands;

/// <summary><c>emu jobs watch ID</c>: a line whenever a job gets further, until it ends.</summary>
internal sealed class JobsWatchCommand : Command
{
    private readonly JobsOptions _options = new();
    private readonly Argument<string> _id = new("id") { Description = "The job's id" };

    /// <summary>Creates the command.</summary>
    public JobsWatchCommand()
        : base("watch", "Prints a line whenever a job gets further, until it ends; fails if the job does")
    {
        Add(_id);
        foreach (var option in _options.All)
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        _options.WithJobsAsync(parsed, jobs => WatchAsync(parsed, jobs, cancellationToken), cancellationToken);

    private async Task<int> WatchAsync(ParseResult parsed, JobService jobs, CancellationToken cancellationToken)
    {
        var state = JobState.Active;
        await foreach (var job in jobs.WatchAsync(_options.Owner(parsed), parsed.GetValue(_id)!, null, cancellationToken))
        {
            state = job.Record.State;
            await JobLines.PrintAsync(job, parsed.GetValue(_options.Json));
        }

        return state == JobState.Completed ? ExitCode.Success : ExitCode.Failure;
    }
}
