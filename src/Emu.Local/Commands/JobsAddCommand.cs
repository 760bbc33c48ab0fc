using System.CommandLine;
using Emu.Diffusion.ModelPackages;
using Emu.Generation.Models;
using Emu.Local.CommandLine;
using Emu.Local.Jobs;
using Emu.Local.Models;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Commands;

/// <summary><c>emu jobs add [PROMPT]</c> or <c>--file jobs.jsonl</c>: queues jobs.</summary>
internal sealed class JobsAddCommand : Command
{
    private readonly JobsOptions _options = new();
    private readonly Argument<string?> _prompt = new("prompt") { Description = "What to show", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _image = new("--image", "-i") { HelpName = "FILE", Description = "A picture to animate, with or without a prompt" };
    private readonly Option<bool> _picture = new("--picture") { Description = "Make a picture instead of a video" };
    private readonly JobFieldOptions _fields = new(JobFields.All.Where(field => field != JobFields.Prompt));
    private readonly Option<string?> _file = new("--file", "-f")
    {
        HelpName = "JSONL",
        Description = "A file with a job a line, for example {\"prompt\": \"a duck\", \"seed\": 7}; '-' reads standard input. The other options are the defaults of every line. All lines are checked before any is queued",
    };

    public JobsAddCommand()
        : base("add", "Queues a job, or a batch from a file")
    {
        Add(_prompt);
        foreach (var option in new Option[] { _image, _picture }.Concat(_fields.All).Append(_file))
        {
            Add(option);
        }

        _options.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var prompt = (parsed.GetValue(_prompt) ?? string.Empty).Trim();
        var image = parsed.GetValue(_image);
        var draft = _fields.Read(parsed, parsed.GetValue(_picture) ? JobKind.Image : JobKind.Video) with { Prompt = prompt };
        if (parsed.GetValue(_file) is not { } file)
        {
            var job = await ReadOneAsync(draft, image, cancellationToken);
            return await _options.WithJobsAsync(parsed, jobs => QueueAsync(parsed, jobs, [job], cancellationToken), cancellationToken, makesFolder: true);
        }

        if (prompt.Length > 0 || image is not null)
        {
            throw new UsageException("--file holds whole jobs; give no prompt or --image beside it.");
        }

        var batch = await JobBatch.ReadAsync(file, draft, cancellationToken);
        return await _options.WithJobsAsync(parsed, jobs => QueueAsync(parsed, jobs, batch, cancellationToken), cancellationToken, makesFolder: true);
    }

    private static async Task<BatchedJob> ReadOneAsync(JobDraft draft, string? image, CancellationToken cancellationToken)
    {
        if (draft.Prompt.Length == 0 && image is null)
        {
            throw new UsageException("There is nothing to make. Give a prompt, --image FILE, or both, or --file JSONL.");
        }

        if (image is not null && !File.Exists(image))
        {
            throw new UsageException($"--image: there is no file '{image}'.");
        }

        return new BatchedJob(draft, image is null ? null : await InputPictureFile.ReadAsync(image, cancellationToken));
    }

    private async Task<int> QueueAsync(ParseResult parsed, JobService jobs, IReadOnlyList<BatchedJob> batch, CancellationToken cancellationToken)
    {
        await PublishDefaultAsync(jobs, cancellationToken);
        var prompts = new PromptChecks(new VocabularyPromptReader(jobs.Models));
        foreach (var job in batch)
        {
            await CheckAsync(jobs, prompts, job, cancellationToken);
        }

        foreach (var job in batch)
        {
            var created = await jobs.CreateAsync(_options.Owner(parsed), job.Draft, job.Picture, null, cancellationToken);
            foreach (var warning in created.Job.Record.Warnings)
            {
                await parsed.Errors().WriteLineAsync($"emu: {job.Place}{warning}");
            }

            await _options.PrintAsync(parsed, created.Job);
        }

        return ExitCode.Success;
    }

    // A batch is queued whole or not at all: every line is checked against its model first.
    private static async Task CheckAsync(JobService jobs, PromptChecks prompts, BatchedJob job, CancellationToken cancellationToken)
    {
        var model = (job.Draft.Model is { } name
            ? await jobs.Models.FindAsync(name, cancellationToken)
            : await jobs.Models.FindDefaultAsync(cancellationToken))
            ?? throw new UsageException($"{job.Place}there is no model '{job.Draft.Model}' in this data folder.");
        try
        {
            JobRequestChecks.Resolve(job.Draft, model, job.Picture is null ? null : "picture", TimeProvider.System.GetUtcNow());
            await prompts.CheckAsync(job.Draft, model, cancellationToken);
        }
        catch (InvalidJobException exception)
        {
            throw new UsageException($"{job.Place}{(exception.Parameter is { } field ? field + ": " : string.Empty)}{exception.Message}");
        }
    }

    // A data folder that no worker has used yet lists no model: the default model of this machine is what will do the work.
    private static async Task PublishDefaultAsync(JobService jobs, CancellationToken cancellationToken)
    {
        if (await jobs.Models.FindDefaultAsync(cancellationToken) is null)
        {
            var package = ModelPackage.Load(ModelLocator.Find(null), verify: false, cancellationToken);
            await ModelVocabulary.PublishAsync(jobs.Models, package, ModelFolders.DefaultName, isDefault: true, cancellationToken);
        }
    }
}
