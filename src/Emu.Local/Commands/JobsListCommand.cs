using System.CommandLine;
using Emu.Local.CommandLine;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Commands;

/// <summary><c>emu jobs list</c>: an owner's jobs, newest first.</summary>
internal sealed class JobsListCommand : Command
{
    private const int MaximumLimit = 100_000;

    private readonly JobsOptions _options = new();
    private readonly Option<int?> _limit = GenerationOptions.Number("--limit", "N", "How many; 20 by default", 1, MaximumLimit);

    /// <summary>Creates the command.</summary>
    public JobsListCommand()
        : base("list", "Lists jobs, newest first")
    {
        foreach (var option in _options.All.Append(_limit))
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        _options.WithJobsAsync(parsed, jobs => ListAsync(parsed, jobs, cancellationToken), cancellationToken);

    private async Task<int> ListAsync(ParseResult parsed, JobService jobs, CancellationToken cancellationToken)
    {
        var left = parsed.GetValue(_limit) ?? 20;
        string? after = null;
        while (left > 0)
        {
            var query = new JobQuery { Limit = Math.Min(left, JobQuery.MaximumLimit), After = after };
            var page = await jobs.ListAsync(_options.Owner(parsed), query, cancellationToken);
            foreach (var job in page.Jobs)
            {
                await JobLines.PrintAsync(job, parsed.GetValue(_options.Json));
            }

            left -= page.Jobs.Count;
            after = page.HasMore ? page.Jobs[^1].Record.Id : null;
            if (after is null)
            {
                break;
            }
        }

        return ExitCode.Success;
    }
}
