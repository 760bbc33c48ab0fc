using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Uploads;

/// <summary>
/// Starts jobs for uploaded files. Each version of a picture has a claim in the store, so handling the same file again (by a
/// watcher, after a restart, by a trigger that delivers twice) does nothing.
/// </summary>
public sealed class UploadHandler(IArtifactStore store, JobService jobs, IImageValidator images, TimeProvider time)
{
    /// <summary>Handles an uploaded file.</summary>
    /// <param name="route">The route of the container it is in.</param>
    /// <param name="name">Its name.</param>
    /// <param name="listing">What else is in the container: a picture and its text are handled together.</param>
    /// <param name="cancellationToken">Stops; the file must then be handled again.</param>
    /// <exception cref="ArtifactStoreException">The store failed, or the file's claim is damaged (not retryable; the message names it).</exception>
    public async Task<UploadOutcome> HandleAsync(UploadRoute route, string name, UploadListing listing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(listing);
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
            ? await HandlePictureAsync(route, file, listing, cancellationToken)
            : await HandleTextAsync(route, file, listing, cancellationToken);
    }

    private async Task<UploadOutcome> HandlePictureAsync(UploadRoute route, UploadedFile file, UploadListing listing, CancellationToken cancellationToken)
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

        var text = claim is null && file.Prompt is null ? await UploadTexts.FindForAsync(route.Uploads, listing, file.Name, cancellationToken) : null;
        if (text is { Problem: { } problem })
        {
            if (await ReadClaimAsync(UploadClaim.NameOf(route.Uploads.Name, text.File.Name, text.File.ETag), cancellationToken) is not { Refused: not null })
            {
                await RefuseAsync(route, text.File, problem, cancellationToken);
            }

            // Without the text that was meant for it, it would become another job than was asked for.
            return new UploadOutcome(UploadOutcomeKind.Waiting);
        }

        if (file.Length > ImageLimits.Default.MaximumBytes)
        {
            return await RefuseAsync(route, file, new JobError(UploadCodes.TooManyBytes, $"The file has {file.Length} bytes; a picture has at most {ImageLimits.Default.MaximumBytes}."), cancellationToken);
        }

        if (await route.Uploads.ReadAsync(file, ImageLimits.Default.MaximumBytes, cancellationToken) is not { } content)
        {
            // It was replaced meanwhile: its new version is handled next time.
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

        claim ??= await ClaimAsync(route, file, text, claimName, cancellationToken);
        return claim switch
        {
            null => new UploadOutcome(UploadOutcomeKind.Waiting),
            { Refused: { } code } => new UploadOutcome(UploadOutcomeKind.Refused, null, code),
            _ => await StartAsync(route, file, claim, picture, cancellationToken),
        };
    }

    // Fixes the prompt. Null while the picture's text may still arrive.
    private async Task<UploadClaim?> ClaimAsync(UploadRoute route, UploadedFile file, UploadTexts.FoundText? text, string claimName, CancellationToken cancellationToken)
    {
        var prompt = file.Prompt ?? text?.Prompt;
        if (prompt is null && Age(file) < route.Options.TextWait)
        {
            return null;
        }

        if (prompt is null && route.Options.RequireText)
        {
            var error = new JobError(UploadCodes.PromptMissing, $"No text came with the picture within {route.Options.TextWait.TotalSeconds:0} s. Put it into '{UploadName.TextsFor(file.Name).Last()}' or the blob's metadata '{BlobUploadContainer.PromptKey}', then upload the picture again.");
            var refused = await RefuseAsync(route, file, error, cancellationToken);
            return new UploadClaim(route.Uploads.Name, file.Name, file.ETag, null, null, null, refused.Code);
        }

        var claim = new UploadClaim(route.Uploads.Name, file.Name, file.ETag, prompt ?? "", text is null ? null : UploadTexts.VersionOf(text.File), null, null);
        var created = await store.CreateAsync(claimName, ArtifactJson.Write(claim), cancellationToken);
        return created is not null ? claim : await ReadClaimAsync(claimName, cancellationToken);
    }

    private async Task<UploadOutcome> StartAsync(UploadRoute route, UploadedFile file, UploadClaim claim, InputPicture picture, CancellationToken cancellationToken)
    {
        if (claim.JobId is not null)
        {
            return new UploadOutcome(UploadOutcomeKind.AlreadyStarted, claim.JobId);
        }

        var draft = new JobDraft { Kind = route.Options.Kind, Prompt = claim.Prompt ?? "", Upload = new UploadSource(route.Uploads.Name, file.Name) };
        var options = new CreateOptions { IdempotencyKey = "upload-" + UploadClaim.HashOf(route.Uploads.Name, file.Name, file.ETag) };
        CreatedJob created;
        try
        {
            created = await jobs.CreateAsync(route.Options.Owner, draft, picture, options, cancellationToken);
        }
        catch (InvalidJobException exception)
        {
            var advice = exception.Parameter == JobFields.Prompt.Name ? " Upload the picture again with another text." : string.Empty;
            return await RefuseAsync(route, file, new JobError(exception.Code, exception.Message + advice), cancellationToken);
        }
        catch (JobConflictException)
        {
            // The same file is being handled by another call.
            return new UploadOutcome(UploadOutcomeKind.Waiting);
        }

        var id = created.Job.Record.Id;
        await WriteClaimAsync(claim with { JobId = id }, cancellationToken);
        return new UploadOutcome(created.IsReplay ? UploadOutcomeKind.AlreadyStarted : UploadOutcomeKind.Started, id);
    }

    private async Task<UploadOutcome> HandleTextAsync(UploadRoute route, UploadedFile text, UploadListing listing, CancellationToken cancellationToken)
    {
        var textClaim = await ReadClaimAsync(UploadClaim.NameOf(route.Uploads.Name, text.Name, text.ETag), cancellationToken);
        if (textClaim is { Refused: not null })
        {
            return new UploadOutcome(UploadOutcomeKind.Refused, null, textClaim.Refused);
        }

        foreach (var name in listing.PicturesFor(text.Name))
        {
            if (await route.Uploads.FindAsync(name, cancellationToken) is not { } picture)
            {
                continue;
            }

            var outcome = await HandlePictureAsync(route, picture, listing, cancellationToken);
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

    // The report first: after a crash between the two it is written again, and no file is refused without a report.
    private async Task<UploadOutcome> RefuseAsync(UploadRoute route, UploadedFile file, JobError error, CancellationToken cancellationToken, string? jobId = null)
    {
        var report = ArtifactJson.Write(new UploadReport(file.Name, jobId, error));
        using var content = new MemoryStream(report, writable: false);
        await route.Uploads.WriteAsync(file.Name + UploadName.ReportExtension, "application/json", content, cancellationToken);
        await WriteClaimAsync(new UploadClaim(route.Uploads.Name, file.Name, file.ETag, null, null, null, error.Code), cancellationToken);
        return new UploadOutcome(UploadOutcomeKind.Refused, jobId, error.Code);
    }

    // A time far ahead of the clock was set on another machine and counts as long ago.
    private TimeSpan Age(UploadedFile file) => (time.GetUtcNow() - file.LastModified).Duration();

    private async Task<UploadClaim?> ReadClaimAsync(string name, CancellationToken cancellationToken)
    {
        var found = await store.ReadAsync(name, cancellationToken);
        return found is null ? null : ArtifactJson.Read<UploadClaim>(name, found.Content);
    }

    private Task<ArtifactInfo> WriteClaimAsync(UploadClaim claim, CancellationToken cancellationToken) =>
        store.WriteAsync(
            UploadClaim.NameOf(claim.Container, claim.Name, claim.ETag),
            (stream, token) => stream.WriteAsync(ArtifactJson.Write(claim), token).AsTask(),
            cancellationToken);
}

/// <summary>The outcome of handling an uploaded file.</summary>
/// <param name="Kind">The kind of outcome.</param>
/// <param name="JobId">The job it belongs to, if there is one.</param>
/// <param name="Code">The code of the report written beside the file, if it was refused.</param>
public sealed record UploadOutcome(UploadOutcomeKind Kind, string? JobId = null, string? Code = null)
{
    /// <summary>Whether this version of the file need not be handled again.</summary>
    public bool IsFinal => Kind is not UploadOutcomeKind.Waiting;
}

/// <summary>The outcomes of handling an uploaded file.</summary>
public enum UploadOutcomeKind
{
    /// <summary>Nothing that anyone uploads, or gone.</summary>
    Ignored,

    /// <summary>A picture without its text yet or with one that cannot be read, a text without its picture, or still being written: it must be handled again later.</summary>
    Waiting,

    /// <summary>A job was started for it.</summary>
    Started,

    /// <summary>It has a job already.</summary>
    AlreadyStarted,

    /// <summary>It was refused; a report is beside it.</summary>
    Refused,
}
