using System.CommandLine;
using Emu.Diffusion.Sessions;
using Emu.Generation.Models;
using Emu.Local.CommandLine;
using Emu.Local.Hosting;
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
    private readonly Option<long?> _seed = GenerationOptions.Number<long>("--seed", "N", "The same job and seed give the same result. Default: random", 0, JobFields.MaximumSeed);
    private readonly Option<int?> _steps = GenerationOptions.Number("--steps", "N", "Denoising steps of each stage. Default: the model's", 1, 1000);
    private readonly Option<bool> _stillPicture = new("--picture") { Description = "Make a picture instead of a video" };
    private readonly Option<string[]> _formats = new("--format") { HelpName = "NAME", Description = "A format to make (mp4, gif, webp, …). Default: the model's first", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _file = new("--file", "-f") { HelpName = "JSONL", Description = "A file with a job a line, for example {\"prompt\": \"a duck\", \"seed\": 7}; '-' reads standard input. All lines are checked before any is queued" };

    /// <summary>Creates the command.</summary>
    public JobsAddCommand()
        : base("add", "Queues a job, or a batch from a file")
    {
        Add(_prompt);
        foreach (var option in new Option[] { _image, _seed, _steps, _stillPicture, _formats, _file }.Concat(_options.All))
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var file = parsed.GetValue(_file);
        if (file is not null && (parsed.GetValue(_prompt) is not null || parsed.GetValue(_image) is not null))
        {
            throw new UsageException("--file holds whole jobs; give no prompt or --image beside it.");
        }

        var drafts = file is null ? [await ReadOneAsync(parsed, cancellationToken)] : await JobBatch.ReadAsync(file, cancellationToken);
        return await _options.WithJobsAsync(parsed, jobs => QueueAsync(parsed, jobs, drafts, cancellationToken), cancellationToken);
    }

    private async Task<BatchedJob> ReadOneAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var prompt = (parsed.GetValue(_prompt) ?? string.Empty).Trim();
        var image = parsed.GetValue(_image);
        if (prompt.Length == 0 && image is null)
        {
            throw new UsageException("There is nothing to make. Give a prompt, --image FILE, or both, or --file JSONL.");
        }

        if (image is not null && !File.Exists(image))
        {
            throw new UsageException($"--image: there is no file '{image}'.");
        }

        var draft = new JobDraft
        {
            Kind = parsed.GetValue(_stillPicture) ? JobKind.Image : JobKind.Video,
            Prompt = prompt,
            Seed = parsed.GetValue(_seed),
            Steps = parsed.GetValue(_steps),
            Formats = parsed.GetValue(_formats) ?? [],
        };
        return new BatchedJob(draft, image is null ? null : await InputPictureFile.ReadAsync(image, cancellationToken));
    }

    private async Task<int> QueueAsync(ParseResult parsed, JobService jobs, IReadOnlyList<BatchedJob> drafts, CancellationToken cancellationToken)
    {
        await PublishDefaultAsync(jobs, cancellationToken);
        foreach (var job in drafts)
        {
            await CheckAsync(jobs, job, cancellationToken);
        }

        foreach (var job in drafts)
        {
            var created = await jobs.CreateAsync(_options.Owner(parsed), job.Draft, job.Picture, null, cancellationToken);
            await JobLines.PrintAsync(created.Job, parsed.GetValue(_options.Json));
        }

        return ExitCode.Success;
    }

    // A batch is queued whole or not at all: every line is checked against its model first.
    private static async Task CheckAsync(JobService jobs, BatchedJob job, CancellationToken cancellationToken)
    {
        var model = (job.Draft.Model is { } name
            ? await jobs.Models.FindAsync(name, cancellationToken)
            : await jobs.Models.FindDefaultAsync(cancellationToken))
            ?? throw new UsageException($"{job.Place}there is no model '{job.Draft.Model}' in this data folder.");
        try
        {
            JobRequestChecks.Resolve(job.Draft, model, job.Picture is null ? null : "picture", TimeProvider.System.GetUtcNow());
        }
        catch (InvalidJobException exception)
        {
            throw new UsageException($"{job.Place}{(exception.Parameter is { } field ? field + ": " : string.Empty)}{exception.Message}");
        }
    }

    // A data folder nobody has worked on yet knows no model: what this machine has is what will do the work.
    private static async Task PublishDefaultAsync(JobService jobs, CancellationToken cancellationToken)
    {
        if (await jobs.Models.FindDefaultAsync(cancellationToken) is not null)
        {
            return;
        }

        using var sessions = new SessionCache(new SessionCacheOptions { Device = DeviceChoice.Auto });
        var library = new ModelLibrary(sessions, [KeyValuePair.Create(ModelLocator.DefaultName, ModelLocator.Find(ModelLocator.DefaultName))]);
        foreach (var model in GenerationStages.Describe(library))
        {
            await jobs.Models.PublishAsync(model, cancellationToken);
        }
    }
}
