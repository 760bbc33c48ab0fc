using System.Text.Json;
using Emu.Editing;
using Emu.Editing.Composition;
using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Editing.Plans;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Edits;

/// <summary>Instructions to a plan.</summary>
public sealed class UnderstandStage : EditingStage
{
    /// <inheritdoc/>
    public override string Name => StageNames.Understand;

    /// <inheritdoc/>
    protected override string Revision => "understand-1";

    /// <inheritdoc/>
    protected override async Task<StageOutcome> WorkAsync(StageRun run, CancellationToken cancellationToken)
    {
        var plan = EditPlans.Of(run.Request);
        await run.ReportEditAsync(report => report with { Plan = JsonSerializer.SerializeToElement(plan.Steps, EditPlan.Json) }, cancellationToken);
        await run.ReportAsync(1, 1, cancellationToken);
        return StageOutcome.Done([await run.WriteAsync(StageFiles.Plan, (stream, token) => JsonSerializer.SerializeAsync(stream, plan, EditPlan.Json, token), cancellationToken)]);
    }
}

/// <summary>The picture that is edited to its subject's mask, if the plan needs one; no file otherwise.</summary>
/// <param name="finder">Finds subjects.</param>
/// <param name="sources">Reads pictures.</param>
public sealed class MaskStage(ISubjectFinder finder, EditSources sources) : EditingStage
{
    /// <inheritdoc/>
    public override string Name => StageNames.Mask;

    /// <inheritdoc/>
    protected override string Revision => "mask-1";

    /// <inheritdoc/>
    protected override async Task<StageOutcome> WorkAsync(StageRun run, CancellationToken cancellationToken)
    {
        if (!EditEngine.NeedsSubject(await EditPlans.ReadAsync(run, cancellationToken)))
        {
            return StageOutcome.Done([]);
        }

        await run.ReportAsync(0, 2, cancellationToken);
        var source = await sources.ReadAsync(run, isLast: false, cancellationToken);
        await run.ReportAsync(1, 2, cancellationToken);
        var subject = await finder.FindAsync(source, cancellationToken);
        if (subject.BoundingBox() is not var (x, y, width, height))
        {
            throw new EditException("No subject was found: nothing in the picture stands out from its ground. Give a mask of what is to change, or a picture with something in front.");
        }

        await run.ReportEditAsync(report => report with { Found = new EditBox(x, y, width, height) }, cancellationToken);
        await run.ReportAsync(2, 2, cancellationToken);
        return StageOutcome.Done([await SampleFiles.WriteAsync(run, StageFiles.SubjectValues, subject, cancellationToken)]);
    }
}

/// <summary>
/// Source and edited picture to the final one: what the edit was not about is proven to be the source's, the share of pixels that
/// were kept is counted, and the files for clients are written: the picture as lossless PNG, a thumbnail, masks, and a sheet.
/// </summary>
/// <param name="sources">Reads pictures.</param>
public sealed class CompositeStage(EditSources sources) : EditingStage
{
    private const int Units = 5;

    /// <inheritdoc/>
    public override string Name => StageNames.Composite;

    /// <inheritdoc/>
    protected override string Revision => "composite-1";

    /// <inheritdoc/>
    protected override async Task<StageOutcome> WorkAsync(StageRun run, CancellationToken cancellationToken)
    {
        var source = await sources.ReadAsync(run, isLast: true, cancellationToken);
        var edited = await SampleFiles.ReadPictureAsync(run, StageNames.Edit, StageFiles.EditedSamples, source.Metadata, cancellationToken);
        var changed = await SampleFiles.FindMaskAsync(run, StageNames.Edit, StageFiles.ChangedValues, cancellationToken);
        await run.ReportAsync(1, Units, cancellationToken);
        if (changed is not null && !PixelExact.IsKept(source, edited, changed, cancellationToken))
        {
            throw new InvalidOperationException("Pixels differ from the source's that the edit was not about.");
        }

        var kept = PixelExact.KeptShare(source, edited, cancellationToken);
        await run.ReportEditAsync(report => report with { KeptShare = kept }, cancellationToken);
        await run.ReportAsync(2, Units, cancellationToken);
        var picture = await run.WriteAsync($"{StageFiles.Image}.png", (stream, token) => new SourcePictureWriter().WriteAsync(edited, stream, null, token), cancellationToken);
        var files = new List<StageFile> { picture with { Media = new MediaFacts(edited.Width, edited.Height, 1, null) } };
        await run.ReportAsync(3, Units, cancellationToken);
        var (before, after) = (EditPreviews.Of(source, cancellationToken), EditPreviews.Of(edited, cancellationToken));
        files.Add(await WriteAsync(run, StageFiles.Thumbnail, Media.Sheets.Thumbnail.Of(after), PictureFormat.WebP, cancellationToken));
        if (changed is not null)
        {
            files.Add(await WriteAsync(run, StageFiles.Changed, changed, cancellationToken));
        }

        await run.ReportAsync(4, Units, cancellationToken);
        if (await SampleFiles.FindMaskAsync(run, StageNames.Mask, StageFiles.SubjectValues, cancellationToken) is { } subject)
        {
            files.Add(await WriteAsync(run, StageFiles.Subject, subject, cancellationToken));
        }

        files.Add(await WriteAsync(run, StageFiles.Compare, EditPreviews.Sheet(before, changed, after), PictureFormat.Png, cancellationToken));
        await run.ReportAsync(Units, Units, cancellationToken);
        return StageOutcome.Done(files);
    }

    private static Task<StageFile> WriteAsync(StageRun run, string file, Picture picture, PictureFormat format, CancellationToken cancellationToken) =>
        run.WriteAsync(file, (stream, token) => new PictureWriter().WriteAsync(picture, stream, new PictureEncoding { Format = format }, token), cancellationToken);

    private static Task<StageFile> WriteAsync(StageRun run, string file, EditMask mask, CancellationToken cancellationToken) =>
        run.WriteAsync(file, (stream, token) => GreyWriter.WriteAsync(mask.Memory, mask.Width, mask.Height, stream, token), cancellationToken);
}
