using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Emu.Generation.Edits;
using Emu.Generation.Models;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;
using Emu.Pipeline;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Artifacts.Blob;
using Emu.Pipeline.Artifacts.Folder;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;
using Emu.Pipeline.Versions;

namespace Emu.Local.Commands;

/// <summary><c>emu jobs</c>: the jobs of a data folder, beside the process that works on it.</summary>
internal sealed class JobsCommand : Command
{
    private const int MaximumLimit = 100_000;

    public JobsCommand()
        : base("jobs", "Queues, lists, shows, cancels and watches the jobs of a data folder; 'emu work' or 'emu serve' does them")
    {
        Add(new JobsAddCommand());
        Add(CreateList());
        Add(CreateById("show", "Shows a job, with what its owner should know of it", ShowAsync, warns: true));
        Add(CreateById("cancel", "Cancels a job that has not ended", CancelAsync));
        Add(CreateById("watch", "Prints a line whenever a job gets further, until it ends; fails if the job does", WatchAsync));
    }

    private static Command CreateById(string name, string description, Func<JobService, string, string, Func<JobSnapshot, Task>, CancellationToken, Task<int>> run, bool warns = false)
    {
        var options = new JobsOptions();
        var id = new Argument<string>("id") { Description = "The job's id" };
        var command = new Command(name, description) { id };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => options.WithJobsAsync(
            parsed,
            jobs => run(jobs, options.Owner(parsed), parsed.GetValue(id)!, job => warns ? options.PrintWithWarningsAsync(parsed, job) : options.PrintAsync(parsed, job), cancellationToken),
            cancellationToken));
        return command;
    }

    private static Command CreateList()
    {
        var options = new JobsOptions();
        var limit = CommandOptions.Number("--limit", "N", "How many; 20 by default", 1, MaximumLimit);
        var command = new Command("list", "Lists jobs, newest first");
        options.AddTo(command);
        command.Add(limit);
        command.SetAction((parsed, cancellationToken) => options.WithJobsAsync(
            parsed,
            jobs => ListAsync(jobs, options.Owner(parsed), parsed.GetValue(limit) ?? 20, job => options.PrintAsync(parsed, job), cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> ShowAsync(JobService jobs, string owner, string id, Func<JobSnapshot, Task> print, CancellationToken cancellationToken)
    {
        await print(await jobs.GetAsync(owner, id, cancellationToken));
        return ExitCode.Success;
    }

    private static async Task<int> CancelAsync(JobService jobs, string owner, string id, Func<JobSnapshot, Task> print, CancellationToken cancellationToken)
    {
        await print(await jobs.CancelAsync(owner, id, cancellationToken));
        return ExitCode.Success;
    }

    private static async Task<int> WatchAsync(JobService jobs, string owner, string id, Func<JobSnapshot, Task> print, CancellationToken cancellationToken)
    {
        var state = JobState.Active;
        await foreach (var job in jobs.WatchAsync(owner, id, null, cancellationToken))
        {
            state = job.Record.State;
            await print(job);
        }

        return state == JobState.Completed ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<int> ListAsync(JobService jobs, string owner, int count, Func<JobSnapshot, Task> print, CancellationToken cancellationToken)
    {
        string? after = null;
        for (var left = count; left > 0;)
        {
            var page = await jobs.ListAsync(owner, new JobQuery { Limit = Math.Min(left, JobQuery.MaximumLimit), After = after }, cancellationToken);
            foreach (var job in page.Jobs)
            {
                await print(job);
            }

            left = page.HasMore ? left - page.Jobs.Count : 0;
            after = page.HasMore ? page.Jobs[^1].Record.Id : null;
        }

        return ExitCode.Success;
    }
}

/// <summary>The options that the <c>jobs</c> commands share, and how jobs are printed.</summary>
internal sealed class JobsOptions
{
    private readonly Option<string> _data = DataFolder.CreateOption();
    private readonly Option<string?> _storage = new("--storage") { HelpName = "CONNECTION", Description = "The storage that holds the artifacts, if the server was started with one" };
    private readonly Option<string?> _taskHub = new("--task-hub") { HelpName = "NAME", Description = "The task hub of the servers, if they were started with one" };
    private readonly Option<string> _owner = new("--owner") { HelpName = "NAME", Description = "Whose jobs", DefaultValueFactory = _ => Pipeline.Jobs.Owner.Local };
    private readonly Option<bool> _json = CommandOptions.Json("Print a JSON object a job on stdout, and nothing else there");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _data, _storage, _taskHub, _owner, _json })
        {
            command.Add(option);
        }
    }

    /// <summary>Whose jobs.</summary>
    /// <exception cref="UsageException">The name is not accepted.</exception>
    public string Owner(ParseResult parsed)
    {
        var owner = parsed.GetValue(_owner)!;
        try
        {
            Pipeline.Jobs.Owner.Validate(owner);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"--owner: {exception.Message}");
        }

        return owner;
    }

    /// <summary>Runs something on the jobs of the data folder or storage, beside the process that works on them.</summary>
    /// <exception cref="StoredDataVersionException">The data was written by a newer program.</exception>
    /// <exception cref="UsageException">There is no such data folder, and the command makes none.</exception>
    public async Task<T> WithJobsAsync<T>(ParseResult parsed, Func<JobService, Task<T>> run, CancellationToken cancellationToken, bool makesFolder = false)
    {
        if (parsed.GetValue(_storage) is { } storage)
        {
            var container = parsed.GetValue(_taskHub)?.ToLowerInvariant() ?? new ArtifactStoreOptions().Container;
            return await RunAsync(await BlobArtifactStore.OpenAsync(storage, container, null, cancellationToken), null, run, cancellationToken);
        }

        var data = parsed.GetValue(_data)!;
        using var folder = FolderArtifactStore.OpenBeside((makesFolder ? new DataFolder(data) : DataFolder.Existing(data)).Store);
        return await RunAsync(folder, folder, run, cancellationToken);
    }

    /// <summary>Prints a job as a line for a person, or as JSON.</summary>
    public Task PrintAsync(ParseResult parsed, JobSnapshot job) => parsed.Output().WriteLineAsync(parsed.GetValue(_json) ? Json(job) : Line(job));

    /// <summary>Prints what a job's owner should know of it, for a person.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="job">The job.</param>
    /// <param name="place">Where it was read, with a colon at the end; empty for none.</param>
    public static async Task WarnAsync(ParseResult parsed, JobSnapshot job, string place = "")
    {
        foreach (var warning in job.Record.Warnings)
        {
            await parsed.Errors().WriteLineAsync($"emu: {place}{warning}");
        }
    }

    /// <summary>Prints a job and, unless as JSON, which has them, its warnings.</summary>
    public async Task PrintWithWarningsAsync(ParseResult parsed, JobSnapshot job)
    {
        await PrintAsync(parsed, job);
        if (!parsed.GetValue(_json))
        {
            await WarnAsync(parsed, job);
        }
    }

    // Without an engine of its own: the sweep of the process that works on the folder starts what is queued here.
    private static async Task<T> RunAsync<T>(IArtifactStore store, IFreeSpace? space, Func<JobService, Task<T>> run, CancellationToken cancellationToken)
    {
        await StoreVersion.CheckAsync(store, cancellationToken);
        var models = new StoredModelCatalog(store);
        var prompts = new VocabularyPromptReader(models);
        return await run(new JobService(store, client: null, space, models: models, prompts: prompts, edits: new EditChecks(models, prompts: prompts)));
    }

    private static string Line(JobSnapshot job)
    {
        var record = job.Record;
        var state = record.Error is { } error ? $"{Status(job)} ({error.Code}: {error.Message})" : Status(job);
        return string.Create(CultureInfo.InvariantCulture, $"{record.Id}  {record.CreatedAt:yyyy-MM-dd HH:mm:ss}Z  {job.Percent,3}%  {state}  {record.Request.Prompt}");
    }

    private static string Status(JobSnapshot job) => JsonNamingPolicy.SnakeCaseLower.ConvertName(job.Status.ToString());

    private static string Json(JobSnapshot job) => JsonSerializer.Serialize(
        new
        {
            job.Record.Id,
            Status = Status(job),
            Progress = job.Percent,
            job.Progress?.Stage,
            job.Record.CreatedAt,
            job.Record.EndedAt,
            job.Record.Request,
            job.Record.Files,
            job.Record.Error,
            job.Record.Warnings,
        },
        PipelineJson.Options);
}
