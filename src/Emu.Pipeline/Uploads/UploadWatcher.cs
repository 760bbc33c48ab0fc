using Microsoft.Extensions.Logging;

namespace Emu.Pipeline.Uploads;

/// <summary>
/// Looks into upload containers again and again and hands every file to the handler until it is dealt with. What was dealt with
/// is remembered for as long as the process runs; the claims remember it for good.
/// </summary>
public sealed class UploadWatcher(UploadHandler handler, UploadRoute route, TimeSpan interval, TimeProvider time, ILogger<UploadWatcher> logger)
{
    private readonly Dictionary<string, string> _done = new(StringComparer.Ordinal);

    /// <summary>Watches until the token is cancelled. A failure of a store is logged and tried again at the next look.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await LookAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                logger.LogError(exception, "Looking into {Container} failed; it is tried again in {Seconds} s.", route.Uploads.Name, interval.TotalSeconds);
            }

            await Task.Delay(interval, time, cancellationToken);
        }
    }

    /// <summary>Looks once.</summary>
    /// <returns>How many files are waiting.</returns>
    public async Task<int> LookAsync(CancellationToken cancellationToken)
    {
        var waiting = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var file in route.Uploads.ListAsync(cancellationToken))
        {
            seen.Add(file.Name);
            if (_done.TryGetValue(file.Name, out var etag) && etag == file.ETag)
            {
                continue;
            }

            var outcome = await handler.HandleAsync(route, file.Name, cancellationToken);
            Log(file, outcome);
            if (outcome.IsFinal)
            {
                _done[file.Name] = file.ETag;
            }
            else
            {
                waiting++;
            }
        }

        foreach (var gone in _done.Keys.Where(name => !seen.Contains(name)).ToList())
        {
            _done.Remove(gone);
        }

        return waiting;
    }

    private void Log(UploadedFile file, UploadOutcome outcome)
    {
        if (outcome.Kind == UploadOutcomeKind.Started)
        {
            logger.LogInformation("Upload {Name} in {Container} became job {JobId}.", file.Name, route.Uploads.Name, outcome.JobId);
        }
        else if (outcome.Kind == UploadOutcomeKind.Refused)
        {
            logger.LogWarning("Upload {Name} in {Container} was refused: {Code}.", file.Name, route.Uploads.Name, outcome.Code);
        }
    }
}
