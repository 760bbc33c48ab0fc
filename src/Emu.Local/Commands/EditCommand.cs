using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Emu.Editing;
using Emu.Editing.Plans;
using Emu.Generation.Edits;
using Emu.Local.CommandLine;
using Emu.Local.Jobs;
using Emu.Local.Models;
using Emu.Local.Progress;
using Emu.Pipeline;
using Emu.Pipeline.Jobs;

namespace Emu.Local.Commands;

/// <summary><c>emu edit</c>: a picture is edited as an instruction says, and every pixel that it is not about stays as it was.</summary>
internal sealed class EditCommand : Command
{
    private readonly GenerationOptions _options = new(JobKind.Edit);
    private readonly Argument<string?> _picture = new("picture") { Description = "The picture to edit (PNG, JPEG, WebP, GIF, BMP), 16 pixels to 50 megapixels", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string[]> _instructions = new("instruction") { Description = "What to do, for example: \"make the background pink\"; several are done in order", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _chain = new("--chain") { HelpName = "FILE", Description = "A text file with an instruction a line, each done to the result of the one before. Without PICTURE its first line is the picture's path" };
    private readonly Option<string?> _mask = new("--mask") { HelpName = "FILE", Description = "A picture as large as PICTURE that is white, or transparent, where it is to be edited" };
    private readonly Option<string?> _background = new("--background") { HelpName = "FILE", Description = "The picture that \"put it on this background\" means" };
    private readonly Option<string?> _compare = new("--compare") { HelpName = "FILE.png", Description = "Write a sheet too: before, mask, after" };
    private readonly Option<bool> _plan = new("--plan") { Description = "Print what the instructions are read as, as JSON, and do nothing" };
    private readonly Option<bool> _list = new("--list") { Description = "List what can be done to a picture, with a wording of each, and do nothing" };
    private readonly Option<bool> _verify = new("--verify") { Description = "Read everything back and prove that each pixel outside the mask is the source's" };

    public EditCommand()
        : base("edit", "Edits a picture as an instruction says; every pixel that it is not about stays as it was, bit for bit")
    {
        Add(_picture);
        Add(_instructions);
        foreach (var option in new Option[] { _chain, _mask, _background, _compare, _plan, _list, _verify }.Concat(_options.All))
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_list))
        {
            await EditList.PrintAsync(parsed.Output(), parsed.GetValue(_options.Json));
            return ExitCode.Success;
        }

        try
        {
            var (picture, steps) = await ReadStepsAsync(parsed, cancellationToken);
            return parsed.GetValue(_plan) ? await PrintPlanAsync(parsed, steps) : await EditAsync(parsed, picture, steps, cancellationToken);
        }
        catch (InvalidJobException exception)
        {
            // Not the command is wrong, but what it asks of this picture.
            throw new CommandFailedException(exception.Message, exception);
        }
    }

    private async Task<(string Picture, IReadOnlyList<string> Steps)> ReadStepsAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (picture, given) = (parsed.GetValue(_picture), EditInstructions.Join(parsed.GetValue(_instructions) ?? []));
        if (parsed.GetValue(_chain) is not { } chain)
        {
            return (Existing(picture, "picture"), given.Length > 0 ? [given] : throw new UsageException("There is no instruction. Say what to change, for example: emu edit cat.png \"make the background pink\"."));
        }

        if (given.Length > 0)
        {
            throw new UsageException("--chain holds the instructions; give none beside it.");
        }

        var lines = (await File.ReadAllLinesAsync(Existing(chain, "--chain"), cancellationToken)).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').ToList();
        if (picture is null && lines.Count > 0)
        {
            picture = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(chain))!, lines[0]);
            lines.RemoveAt(0);
        }

        return (Existing(picture, "picture"), lines.Count > 0 ? lines : throw new UsageException($"--chain: '{chain}' holds no instruction."));
    }

    private async Task<int> PrintPlanAsync(ParseResult parsed, IReadOnlyList<string> steps)
    {
        var task = TaskOf(parsed);
        EditRequestChecks.CheckTask(task, EditPlans.TaskNames);
        var hasMask = parsed.GetValue(_mask) is not null;
        var models = EditModels.Find(_options.Model(parsed), steps, task, hasMask);
        foreach (var step in steps)
        {
            try
            {
                var plan = EditPlans.Read(step, task, hasMask, models.Follower);
                await parsed.Output().WriteLineAsync(JsonSerializer.Serialize(plan, Indented));
            }
            catch (InstructionException exception)
            {
                throw new CommandFailedException(exception.Message + InstructModels.Hint(exception, models.Named, models.Followers), exception);
            }
        }

        return ExitCode.Success;
    }

    private string? TaskOf(ParseResult parsed) => _options.Fields.Read(parsed, JobKind.Edit).Edit?.Task;

    private async Task<int> EditAsync(ParseResult parsed, string picture, IReadOnlyList<string> steps, CancellationToken cancellationToken)
    {
        var order = new EditOrder
        {
            Job = _options.Read(parsed, steps[^1], picture, seed => OutputTarget.Edited(picture, OutputFormats.EditedExtension(picture, _options.Fields.Read(parsed, JobKind.Edit).Edit is { Lossy: true }))),
            Picture = picture,
            Steps = steps,
            Models = EditModels.Find(_options.Model(parsed), steps, TaskOf(parsed), parsed.GetValue(_mask) is not null),
            Mask = parsed.GetValue(_mask) is { } mask ? Existing(mask, "--mask") : null,
            Background = parsed.GetValue(_background) is { } background ? Existing(background, "--background") : null,
            Compare = parsed.GetValue(_compare) is { } compare ? OutputTarget.Given(JobKind.Edit, compare, null) : null,
            Verify = parsed.GetValue(_verify),
        };
        order.Check();
        order = order with { NeedsSubject = steps.Any(step => NeedsSubject(step, order)) };
        if (order.NeedsSubject)
        {
            await PhotoMaskAddition.OfferAsync(parsed, cancellationToken);
        }

        var view = JobViews.For(parsed.Errors());
        var result = await view.RunAsync(() => EditRun.RunAsync(order, view, cancellationToken));
        if (parsed.GetValue(_options.Json))
        {
            await parsed.Output().WriteLineAsync(JsonSerializer.Serialize(result, PipelineJson.Options));
        }
        else
        {
            await PrintAsync(parsed, result, order.Models);
        }

        foreach (var problem in result.Problems)
        {
            await parsed.Errors().WriteLineAsync($"emu: {problem}");
        }

        return result.Problems.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    // What is not understood is told when the job is made.
    private static bool NeedsSubject(string step, EditOrder order)
    {
        if (order.Job.Draft.Edit?.Task is { } task && !EditPlans.TaskNames.Contains(task))
        {
            return false;
        }

        try
        {
            return EditEngine.NeedsSubject(EditPlans.Read(step, order.Job.Draft.Edit?.Task, order.Mask is not null, order.Models.Follower));
        }
        catch (InstructionException)
        {
            return false;
        }
    }

    private static async Task PrintAsync(ParseResult parsed, EditResult result, EditModels models)
    {
        var output = parsed.Output();
        if (result.Steps.Count > 1)
        {
            foreach (var (index, step) in result.Steps.Index())
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{index + 1}. {step.Instruction}: {Share(step.KeptShare)} kept{DoneBy([step], models)}"));
            }
        }

        foreach (var file in result.Outputs)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{Shown(file.Path)}: {file.Width}×{file.Height}, {file.Bytes / 1024.0:0} KiB, {Share(result.KeptShare)} of the pixels kept bit for bit{DoneBy(result.Steps, models)} (seed {result.Seed}, {result.Seconds["total"]:0.0} s)"));
        }

        if (result.Compare is { } compare)
        {
            await output.WriteLineAsync($"{Shown(compare)}: before, mask, after");
        }

        if (result.Verified is { } verified)
        {
            await output.WriteLineAsync(verified);
        }
    }

    // Said where it could have been either: operations read by the grammar, or a model that follows instructions.
    private static string DoneBy(IReadOnlyList<EditedStep> steps, EditModels models)
    {
        var tasks = steps.Select(step => step.Plan).OfType<JsonElement>().SelectMany(plan => plan.EnumerateArray()).Select(step => step.GetProperty("task").GetString()).ToList();
        return models.Follower is not { } follower ? ""
            : tasks.All(task => task == EditPlans.InstructTask) ? $", by the model '{follower}'"
            : tasks.Contains(EditPlans.InstructTask) ? $", by operations and the model '{follower}'"
            : ", by operations";
    }

    private static JsonSerializerOptions Indented { get; } = new(EditPlan.Json) { WriteIndented = true };

    private static string Share(double share) => share is > 0 and < 0.001 ? "less than 0.1 %" : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 1000) / 10:0.0} %");

    private static string Shown(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    private static string Existing(string? path, string what) =>
        path is null ? throw new UsageException("There is no picture to edit. Give its path, for example: emu edit cat.png \"make the background pink\".")
        : File.Exists(path) ? path
        : throw new CommandFailedException($"{what}: there is no file '{path}'.");
}
