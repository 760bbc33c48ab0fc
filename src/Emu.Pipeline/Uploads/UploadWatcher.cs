using Emu.Pipeline.Artifacts;
using Microsoft.Extensions.Logging;

namespace Emu.Pipeline.Uploads;

/// <summary>
/// Polls an upload container and passes every file to the handler until its outcome is final. Final outcomes are kept in memory
/// while the process runs; the claims keep them for good.
/// </summary>
public sealed class UploadWatcher(UploadHandler handler, UploadRoute route, TimeProvider time, ILogger<UploadWatcher> logger)
{
    // ETags by name.
    private readonly Dictionary<string, string> _done = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _failed = new(StringComparer.Ordinal);

    /// <summary>Polls until the token is cancelled. A failure is logged, and the next poll tries again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await PollAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                logger.LogError(exception, "Polling {Container} failed; it is tried again in {Seconds} s.", route.Uploads.Name, route.Options.PollInterval.TotalSeconds);
            }

            await Task.Delay(route.Options.PollInterval, time, cancellationToken);
        }
    }

    /// <summary>Polls once.</summary>
    /// <returns>How many files are to be handled again.</returns>
    public async Task<int> PollAsync(CancellationToken cancellationToken)
    {
        var waiting = 0;
        var files = await route.Uploads.ListAsync(cancellationToken).ToListAsync(cancellationToken);
        var seen = files.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        UploadListing? listing = null;
        foreach (var file in files.Where(file => _done.GetValueOrDefault(file.Name) != file.ETag))
        {
            listing ??= new UploadListing(seen);
            if (await HandleAsync(file, listing, cancellationToken))
            {
                _done[file.Name] = file.ETag;
            }
            else
            {
                waiting++;
            }
        }

        foreach (var gone in _done.Keys.Concat(_failed.Keys).Where(name => !seen.Contains(name)).ToList())
        {
            _done.Remove(gone);
            _failed.Remove(gone);
        }

        return waiting;
    }

    // Whether the outcome is final. A file that cannot be handled does not keep the others waiting; a store that fails does.
    private async Task<bool> HandleAsync(UploadedFile file, UploadListing listing, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await handler.HandleAsync(route, file.Name, listing, cancellationToken);
            Log(file, outcome);
            return outcome.IsFinal;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ArtifactStoreException { Retryable: true }))
        {
            // Tried again by every poll, but logged once for a version.
            if (_failed.GetValueOrDefault(file.Name) != file.ETag)
            {
                _failed[file.Name] = file.ETag;
                logger.LogError(exception, "Upload {Name} in {Container} could not be handled; every poll tries it again.", file.Name, route.Uploads.Name);
            }

            return false;
        }
    }

    private void Log(UploadedFile file, UploadOutcome outcome)
    {
        if (outcome.Kind == UploadOutcomeKind.Started)
        {
            logger.LogInformation("Upload {Name} in {Container} became job {JobId}.", file.Name, route.Uploads.Name, outcome.JobId);
        }
        else if (outcome.Kind == UploadOutcomeKind.Refused)
        {
            logger.LogInformation("Upload {Name} in {Container} was refused: {Code}.", file.Name, route.Uploads.Name, outcome.Code);
        }
    }
}
