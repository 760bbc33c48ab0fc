using System.CommandLine;
using Emu.Local.CommandLine;

namespace Emu.Local.Commands;

/// <summary><c>emu jobs cancel ID</c>.</summary>
internal sealed class JobsCancelCommand : Command
{
    private readonly JobsOptions _options = new();
    private readonly Argument<string> _id = new("id") { Description = "The job's id" };

    /// <summary>Creates the command.</summary>
    public JobsCancelCommand()
        : base("cancel", "Cancels a job that has not ended")
    {
        Add(_id);
        foreach (var option in _options.All)
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var job = await _options.WithJobsAsync(parsed, jobs => jobs.CancelAsync(_options.Owner(parsed), parsed.GetValue(_id)!, cancellationToken), cancellationToken);
        await JobLines.PrintAsync(job, parsed.GetValue(_options.Json));
        return ExitCode.Success;
    }
}
