using Emu.Diffusion.ModelPackages;
using Emu.Editing;
using Emu.Editing.Masks;
using Emu.Editing.Plans;
using Emu.Generation.Models;
using Emu.Generation.Stages;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Edits;

/// <summary>
/// Picture, plan and mask to the edited picture. What an instruct-edit model does is done in slices; the other steps before it are
/// done again in each, as they take seconds.
/// </summary>
/// <param name="finder">Finds the subject of what a step has made, where the first mask does not fit any more.</param>
/// <param name="sources">Reads pictures.</param>
/// <param name="models">The model packages, of which one makes stickers and another may follow instructions.</param>
public sealed class EditStage(ISubjectFinder finder, EditSources sources, ModelLibrary? models = null) : EditingStage
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public override string Name => StageNames.Edit;

    /// <inheritdoc/>
    protected override string Revision => "edit-1";

    /// <inheritdoc/>
    public override ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            if (models is null)
            {
                return new(Revision);
            }

            var plan = EditPlans.Of(request);
            var stickers = EditPlans.NeedsStickers(plan) ? $" {models.Get(StickerModel(models, request.Model)).Package.Fingerprint}" : "";
            return new($"{Revision}{stickers}{(EditPlans.NeedsInstructing(plan) ? $" {models.Get(request.Model).Package.Fingerprint}" : "")}");
        }
        catch (Exception exception) when (ModelFailures.From(exception) is { } failure)
        {
            throw failure;
        }
    }

    /// <inheritdoc/>
    protected override async Task<StageOutcome> WorkAsync(StageRun run, CancellationToken cancellationToken)
    {
        var plan = await EditPlans.ReadAsync(run, cancellationToken);
        var source = await sources.ReadAsync(run, isLast: false, cancellationToken);
        var inputs = new EditInputs
        {
            Mask = await ReadAsync(run, run.Request.Edit!.Mask, cancellationToken) is { } mask ? EditMasks.FromPicture(mask) : null,
            Subject = await SampleFiles.FindMaskAsync(run, StageNames.Mask, StageFiles.SubjectValues, cancellationToken),
            Background = await ReadAsync(run, run.Request.Edit.Background, cancellationToken),
            Seed = run.Request.Seed,
        };
        var stickers = models is not null && EditPlans.NeedsStickers(plan) ? new ModelStickers(models, StickerModel(models, run.Request.Model)) : null;
        var instructions = EditPlans.NeedsInstructing(plan) ? await SlicedInstructions.OpenAsync(Follower(run.Request.Model), run, cancellationToken) : null;
        var units = new StepUnits(plan, instructions?.StepCount ?? 0);
        var edit = new EditEngine(finder, stickers).Begin(source, plan, inputs, units);
        while (edit.Next is { } step)
        {
            if (step.Operation is not FreeInstruction free)
            {
                await WatchAsync(edit.ApplyNextAsync(cancellationToken), run, units);
                continue;
            }

            var context = await edit.PrepareNextAsync(cancellationToken);
            if (await instructions!.FollowAsync(context, free, units.Before(edit.Done), units.Total, cancellationToken) is not { } result)
            {
                return await instructions.PauseAsync(cancellationToken);
            }

            edit.Accept(result, cancellationToken);
        }

        return await FinishAsync(edit.Outcome(cancellationToken), run, cancellationToken);
    }

    private static async Task<StageOutcome> FinishAsync(EditOutcome outcome, StageRun run, CancellationToken cancellationToken)
    {
        foreach (var warning in outcome.Warnings)
        {
            await run.WarnAsync(warning, cancellationToken);
        }

        var files = new List<StageFile> { await SampleFiles.WriteAsync(run, StageFiles.EditedSamples, outcome.Picture, cancellationToken) };
        if (outcome.Changed is { } changed)
        {
            files.Add(await SampleFiles.WriteAsync(run, StageFiles.ChangedValues, changed, cancellationToken));
        }

        return StageOutcome.Done(files);
    }

    private static async Task WatchAsync(Task work, StageRun run, StepUnits units)
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(ReportInterval));
            await run.ReportAsync(units.Done, units.Total, CancellationToken.None);
        }

        await work;
    }

    // The model that was named, if it makes pictures; else the first that does.
    private static string StickerModel(ModelLibrary models, string named) =>
        models.Names.OrderByDescending(name => name == named).FirstOrDefault(name => models.Get(name).Package.Image is not null) ?? named;

    private LoadedModel Follower(string name) =>
        models?.Get(name) ?? throw new UnsupportedByModelException("edits", $"This host runs no model; '{name}' is needed to follow the instruction.");

    private static async Task<Picture?> ReadAsync(StageRun run, string? artifact, CancellationToken cancellationToken)
    {
        if (artifact is null)
        {
            return null;
        }

        await using var stream = await run.Store.OpenReadAsync(artifact, cancellationToken);
        return await new PictureReader(SourcePictureReader.DefaultLimits).ReadAsync(stream, cancellationToken);
    }

    // Units of progress: three of most steps, and the steps of denoising. The engine reports from its own threads.
    private sealed class StepUnits : IProgress<EditProgress>
    {
        private const int OfStep = 3;
        private readonly int[] _before;
        private int _done;

        public StepUnits(EditPlan plan, int denoisingSteps)
        {
            _before = new int[plan.Steps.Count + 1];
            foreach (var (index, step) in plan.Steps.Index())
            {
                _before[index + 1] = _before[index] + (step.Operation is FreeInstruction ? denoisingSteps : OfStep);
            }
        }

        public int Total => _before[^1];

        public int Done => Volatile.Read(ref _done);

        public int Before(int step) => _before[step];

        public void Report(EditProgress value) => Volatile.Write(ref _done, _before[value.Step - 1] + (int)value.Phase);
    }
}
