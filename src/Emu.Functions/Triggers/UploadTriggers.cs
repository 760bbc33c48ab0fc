using Emu.Pipeline.Uploads;
using Microsoft.Extensions.Logging;

namespace Emu.Functions.Triggers;

/// <summary>Passes uploads that a trigger names to the handler, and waits a little for a picture's text.</summary>
public sealed class UploadTriggers
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly UploadHandler _handler;
    private readonly UploadRoute _route;
    private readonly UploadWatcher _watcher;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Creates it for one container.</summary>
    public UploadTriggers(UploadHandler handler, UploadRoute route, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(loggers);
        _handler = handler;
        _route = route;
        _time = time;
        _watcher = new UploadWatcher(handler, route, time, loggers.CreateLogger<UploadWatcher>());
        _logger = loggers.CreateLogger<UploadTriggers>();
    }

    /// <summary>Handles one file, for a little longer than a picture waits for its text. What still waits then is the sweep's.</summary>
    /// <param name="name">The file's name in the container.</param>
    /// <param name="cancellationToken">The host stops: the trigger delivers again.</param>
    public async Task<UploadOutcome> HandleAsync(string name, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            var listing = await UploadListing.ReadAsync(_route.Uploads, cancellationToken);
            var outcome = await _handler.HandleAsync(_route, name, listing, cancellationToken);
            if (outcome.IsFinal || _time.GetElapsedTime(started) > _route.Options.TextWait + LookAgain)
            {
                _logger.LogInformation("Upload {Name}: {Outcome} {JobId}{Code}", name, outcome.Kind, outcome.JobId, outcome.Code);
                return outcome;
            }

            await Task.Delay(LookAgain, _time, cancellationToken);
        }
    }

    /// <summary>Looks through the whole container once.</summary>
    /// <returns>How many files still wait.</returns>
    public Task<int> SweepAsync(CancellationToken cancellationToken) => _watcher.PollAsync(cancellationToken);
}
