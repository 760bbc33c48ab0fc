using System.CommandLine;
using Emu.Diffusion.ModelPackages;
using Emu.Generation.Models;
using Emu.Local.CommandLine;
using Emu.Local.Jobs;
using Emu.Local.Models;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Commands;

/// <summary><c>emu jobs add [PROMPT]</c>, <c>--edit PICTURE "instruction"</c> or <c>--file jobs.jsonl</c>: queues jobs.</summary>
internal sealed class JobsAddCommand : Command
{
    private readonly JobsOptions _options = new();
    private readonly Argument<string?> _prompt = new("prompt") { Description = "What to show, or what to do to the picture of --edit", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _image = new("--image", "-i") { HelpName = "FILE", Description = "A picture to animate, with or without a prompt" };
    private readonly Option<bool> _picture = new("--picture") { Description = "Make a picture instead of a video" };
    private readonly Option<string?> _edit = new("--edit", "-e") { HelpName = "FILE", Description = "A picture to edit as the prompt says; line breaks divide instructions" };
    private readonly Option<string?> _mask = new("--mask") { HelpName = "FILE", Description = "With --edit: a picture as large as it that is white, or transparent, where it is to be edited" };
    private readonly Option<string?> _background = new("--background") { HelpName = "FILE", Description = "With --edit: the picture that \"put it on this background\" means" };
    private readonly JobFieldOptions _fields = new(JobFields.All.Except([JobFields.Prompt]));
    private readonly Option<string?> _file = new("--file", "-f")
    {
        HelpName = "JSONL",
        Description = "A file with a job a line, for example {\"prompt\": \"a duck\", \"seed\": 7}; '-' reads standard input. The other options are the defaults of every line. All lines are checked before any is queued",
    };

    public JobsAddCommand()
        : base("add", "Queues a job, or a batch from a file")
    {
        Add(_prompt);
        foreach (var option in new Option[] { _image, _picture, _edit, _mask, _background }.Concat(_fields.All).Append(_file))
        {
            Add(option);
        }

        _options.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var prompt = (parsed.GetValue(_prompt) ?? string.Empty).Trim();
        var kind = parsed.GetValue(_edit) is not null ? JobKind.Edit : parsed.GetValue(_picture) ? JobKind.Image : JobKind.Video;
        var draft = _fields.Read(parsed, kind) with { Prompt = prompt };
        if (parsed.GetValue(_file) is not { } file)
        {
            var job = await ReadOneAsync(parsed, draft, cancellationToken);
            return await _options.WithJobsAsync(parsed, jobs => QueueAsync(parsed, jobs, [job], cancellationToken), cancellationToken, makesFolder: true);
        }

        if (prompt.Length > 0 || new[] { _image, _edit, _mask, _background }.Any(option => parsed.GetValue(option) is not null))
        {
            throw new UsageException("--file holds whole jobs; give no prompt or picture beside it.");
        }

        var batch = await JobBatch.ReadAsync(file, draft, cancellationToken);
        return await _options.WithJobsAsync(parsed, jobs => QueueAsync(parsed, jobs, batch, cancellationToken), cancellationToken, makesFolder: true);
    }

    private async Task<BatchedJob> ReadOneAsync(ParseResult parsed, JobDraft draft, CancellationToken cancellationToken)
    {
        var isEdit = draft.Kind == JobKind.Edit;
        if (parsed.GetValue(_image) is { } image && isEdit)
        {
            throw new UsageException($"--edit and --image '{image}' are two jobs; give one of them.");
        }

        if (!isEdit && (parsed.GetValue(_mask) ?? parsed.GetValue(_background)) is not null)
        {
            throw new UsageException("--mask and --background are for edits; give the picture with --edit FILE.");
        }

        if (draft.Prompt.Length == 0 && parsed.GetValue(isEdit ? _edit : _image) is null)
        {
            throw new UsageException("There is nothing to make. Give a prompt, --image FILE, or both, --edit FILE with an instruction, or --file JSONL.");
        }

        return new BatchedJob(draft, new JobPictures
        {
            Input = await ReadPictureAsync(parsed, isEdit ? _edit : _image, cancellationToken),
            Mask = await ReadPictureAsync(parsed, _mask, cancellationToken),
            Background = await ReadPictureAsync(parsed, _background, cancellationToken),
        });
    }

    private static async Task<InputPicture?> ReadPictureAsync(ParseResult parsed, Option<string?> option, CancellationToken cancellationToken) =>
        parsed.GetValue(option) is not { } path ? null
        : File.Exists(path) ? await InputPictureFile.ReadAsync(path, cancellationToken)
        : throw new UsageException($"{option.Name}: there is no file '{path}'.");

    private async Task<int> QueueAsync(ParseResult parsed, JobService jobs, IReadOnlyList<BatchedJob> batch, CancellationToken cancellationToken)
    {
        await PublishDefaultAsync(jobs, cancellationToken);
        foreach (var job in batch)
        {
            await CheckAsync(jobs, job, cancellationToken);
        }

        foreach (var job in batch)
        {
            var created = await jobs.CreateFromAsync(_options.Owner(parsed), job.Draft, job.Pictures, null, cancellationToken);
            await JobsOptions.WarnAsync(parsed, created.Job, job.Place);
            await _options.PrintAsync(parsed, created.Job);
        }

        return ExitCode.Success;
    }

    // A batch is queued whole or not at all: every line is checked first.
    private static async Task CheckAsync(JobService jobs, BatchedJob job, CancellationToken cancellationToken)
    {
        try
        {
            await jobs.CheckAsync(job.Draft, job.Pictures, cancellationToken);
        }
        catch (InvalidJobException exception)
        {
            throw new UsageException($"{job.Place}{(exception.Parameter is { } field ? field + ": " : string.Empty)}{exception.Message}");
        }
    }

    // A data folder that no worker has used yet lists no model: the models that this machine works with by default are what will do the work.
    private static async Task PublishDefaultAsync(JobService jobs, CancellationToken cancellationToken)
    {
        if (await jobs.Models.FindDefaultAsync(cancellationToken) is not null)
        {
            return;
        }

        foreach (var (index, folder) in new[] { ModelLocator.Find(null) }.Concat(ModelLocator.Followers()).Distinct().Index())
        {
            var package = ModelPackage.Load(folder, verify: false, cancellationToken);
            await ModelVocabulary.PublishAsync(jobs.Models, package, ModelName.Of(folder), isDefault: index == 0, cancellationToken);
        }
    }
}
