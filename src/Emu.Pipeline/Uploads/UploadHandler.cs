using System.Text.Json;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Uploads;

/// <summary>
/// Makes jobs of uploads. An event says no more than that a file is there; what is done follows from the claim, so the same
/// event again, from a watcher, a restart or a trigger that delivers twice, does nothing.
/// </summary>
public sealed class UploadHandler(IArtifactStore store, JobService jobs, IImageValidator images, TimeProvider time)
{
    /// <summary>Deals with a file that is there.</summary>
    /// <param name="route">The container it is in.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Stops; the event must then be delivered again.</param>
    public async Task<UploadOutcome> HandleAsync(UploadRoute route, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!UploadName.IsPicture(name) && !UploadName.IsText(name))
        {
            return new UploadOutcome(UploadOutcomeKind.Ignored);
        }

        if (await route.Uploads.FindAsync(name, cancellationToken) is not { } file)
        {
            return new UploadOutcome(UploadOutcomeKind.Ignored);
        }

        return UploadName.IsPicture(name)
            ? await HandlePictureAsync(route, file, cancellationToken)
            : await HandleTextAsync(route, file, cancellationToken);
    }

    private async Task<UploadOutcome> HandlePictureAsync(UploadRoute route, UploadedFile file, CancellationToken cancellationToken)
    {
        var claimName = UploadClaim.NameOf(route.Uploads.Name, file.Name, file.ETag);
        var claim = await ReadClaimAsync(claimName, cancellationToken);
        if (claim is { JobId: not null })
        {
            return new UploadOutcome(UploadOutcomeKind.AlreadyStarted, claim.JobId);
        }

        if (claim is { Refused: not null })
        {
            return new UploadOutcome(UploadOutcomeKind.Refused, null, claim.Refused);
        }

        if (file.Length > ImageLimits.Default.MaximumBytes)
        {
            return await RefuseAsync(route, file, new JobError(UploadCodes.TooManyBytes, $"The file has {file.Length} bytes; a picture has at most {ImageLimits.Default.MaximumBytes}."), cancellationToken);
        }

        if (await route.Uploads.ReadAsync(file, ImageLimits.Default.MaximumBytes, cancellationToken) is not { } content)
        {
            // Replaced meanwhile: the event for its new version is on its way.
            return new UploadOutcome(UploadOutcomeKind.Waiting);
        }

        InputPicture picture;
        try
        {
            picture = await images.ValidateAsync(content, ImageLimits.Default, cancellationToken);
        }
        catch (InvalidJobException exception)
        {
            return route.Uploads.ShowsUnfinishedFiles && Age(file) < route.Options.UnfinishedWait
                ? new UploadOutcome(UploadOutcomeKind.Waiting)
                : await RefuseAsync(route, file, new JobError(exception.Code, exception.Message), cancellationToken);
        }

        claim ??= await ClaimAsync(route, file, claimName, cancellationToken);
        return claim switch
        {
            null => new UploadOutcome(UploadOutcomeKind.Waiting),
            { Refused: { } code } => new UploadOutcome(UploadOutcomeKind.Refused, null, code),
            _ => await StartAsync(route, file, claim, picture, cancellationToken),
        };
    }

    // Fixes the prompt. Null while the picture's text may still come.
    private async Task<UploadClaim?> ClaimAsync(UploadRoute route, UploadedFile file, string claimName, CancellationToken cancellationToken)
    {
        var text = file.Prompt is null ? await UploadTexts.FindForAsync(route.Uploads, file.Name, cancellationToken) : null;
        if (text is { Problem: { } problem })
        {
            await RefuseAsync(route, text.File, problem, cancellationToken);
        }

        var prompt = file.Prompt ?? text?.Prompt;
        if (prompt is null && Age(file) < route.Options.TextWait)
        {
            return null;
        }

        if (prompt is null && route.Options.RequireText)
        {
            var error = new JobError(UploadCodes.PromptMissing, $"No text came with the picture within {route.Options.TextWait.TotalSeconds:0} s. Put it into '{UploadName.TextsFor(file.Name)[1]}' or the blob's metadata '{BlobUploadContainer.PromptKey}', then upload the picture again.");
            var refused = await RefuseAsync(route, file, error, cancellationToken);
            return new UploadClaim(route.Uploads.Name, file.Name, file.ETag, null, null, null, refused.Code);
        }

        var claim = new UploadClaim(route.Uploads.Name, file.Name, file.ETag, prompt ?? "", text is { Prompt: not null } ? UploadTexts.VersionOf(text.File) : null, null, null);
        var created = await store.CreateAsync(claimName, JsonSerializer.SerializeToUtf8Bytes(claim, PipelineJson.Options), cancellationToken);
        return created is not null ? claim : await ReadClaimAsync(claimName, cancellationToken);
    }

    private async Task<UploadOutcome> StartAsync(UploadRoute route, UploadedFile file, UploadClaim claim, InputPicture picture, CancellationToken cancellationToken)
    {
        if (claim.JobId is not null)
        {
            return new UploadOutcome(UploadOutcomeKind.AlreadyStarted, claim.JobId);
        }

        var draft = new JobDraft { Kind = JobKind.Video, Prompt = claim.Prompt ?? "", Upload = new UploadSource(route.Uploads.Name, file.Name) };
        var options = new CreateOptions { IdempotencyKey = "upload-" + UploadClaim.HashOf(route.Uploads.Name, file.Name, file.ETag) };
        CreatedJob created;
        try
        {
            created = await jobs.CreateAsync(route.Options.Owner, draft, picture, options, cancellationToken);
        }
        catch (InvalidJobException exception)
        {
            return await RefuseAsync(route, file, new JobError(exception.Code, exception.Message), cancellationToken);
        }
        catch (JobConflictException)
        {
            // The same event is being dealt with beside this one.
            return new UploadOutcome(UploadOutcomeKind.Waiting);
        }

        var id = created.Job.Record.Id;
        await WriteClaimAsync(claim with { JobId = id }, cancellationToken);
        return new UploadOutcome(created.IsReplay ? UploadOutcomeKind.AlreadyStarted : UploadOutcomeKind.Started, id);
    }

    private async Task<UploadOutcome> HandleTextAsync(UploadRoute route, UploadedFile text, CancellationToken cancellationToken)
    {
        var textClaim = await ReadClaimAsync(UploadClaim.NameOf(route.Uploads.Name, text.Name, text.ETag), cancellationToken);
        if (textClaim is { Refused: not null })
        {
            return new UploadOutcome(UploadOutcomeKind.Refused, null, textClaim.Refused);
        }

        foreach (var name in UploadName.PicturesFor(text.Name))
        {
            if (await route.Uploads.FindAsync(name, cancellationToken) is not { } picture)
            {
                continue;
            }

            var outcome = await HandlePictureAsync(route, picture, cancellationToken);
            if (outcome.Kind == UploadOutcomeKind.Waiting)
            {
                return outcome;
            }

            var claim = await ReadClaimAsync(UploadClaim.NameOf(route.Uploads.Name, picture.Name, picture.ETag), cancellationToken);
            if (claim is { JobId: { } id } && claim.Text != UploadTexts.VersionOf(text))
            {
                var error = new JobError(UploadCodes.TextTooLate, $"The job of '{picture.Name}' had begun, or had a prompt already. Upload the picture again to use this text.");
                return await RefuseAsync(route, text, error, cancellationToken, id);
            }

            return outcome;
        }

        return new UploadOutcome(UploadOutcomeKind.Waiting);
    }

    // The report first: a crash between the two writes it again, and nothing is refused without one.
    private async Task<UploadOutcome> RefuseAsync(UploadRoute route, UploadedFile file, JobError error, CancellationToken cancellationToken, string? jobId = null)
    {
        var report = JsonSerializer.SerializeToUtf8Bytes(new UploadReport(file.Name, jobId, error), PipelineJson.Options);
        using var content = new MemoryStream(report, writable: false);
        await route.Uploads.WriteAsync(file.Name + UploadName.ReportEnding, "application/json", content, cancellationToken);
        await WriteClaimAsync(new UploadClaim(route.Uploads.Name, file.Name, file.ETag, null, null, null, error.Code), cancellationToken);
        return new UploadOutcome(UploadOutcomeKind.Refused, jobId, error.Code);
    }

    // A time ahead of the clock, kept from elsewhere, counts as long ago.
    private TimeSpan Age(UploadedFile file) => (time.GetUtcNow() - file.LastModified).Duration();

    private async Task<UploadClaim?> ReadClaimAsync(string name, CancellationToken cancellationToken)
    {
        var found = await store.ReadAsync(name, cancellationToken);
        return found is null ? null : JsonSerializer.Deserialize<UploadClaim>(found.Content.Span, PipelineJson.Options);
    }

    private Task<ArtifactInfo> WriteClaimAsync(UploadClaim claim, CancellationToken cancellationToken) =>
        store.WriteAsync(
            UploadClaim.NameOf(claim.Container, claim.Name, claim.ETag),
            (stream, token) => JsonSerializer.SerializeAsync(stream, claim, PipelineJson.Options, token),
            cancellationToken);
}

/// <summary>What became of an event about an uploaded file.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="JobId">The job it belongs to, if there is one.</param>
/// <param name="Code">The code of the report written beside the file, if it was refused.</param>
public sealed record UploadOutcome(UploadOutcomeKind Kind, string? JobId = null, string? Code = null)
{
    /// <summary>Whether the same file need not be looked at again.</summary>
    public bool IsFinal => Kind is not UploadOutcomeKind.Waiting;
}

/// <summary>What became of an event about an uploaded file.</summary>
public enum UploadOutcomeKind
{
    /// <summary>Neither a picture nor a text, or gone.</summary>
    Ignored,

    /// <summary>A picture without its text yet (or a text without its picture), or still being written: look again later.</summary>
    Waiting,

    /// <summary>A job was started for it.</summary>
    Started,

    /// <summary>It has a job already.</summary>
    AlreadyStarted,

    /// <summary>It was refused; a report lies beside it.</summary>
    Refused,
}
