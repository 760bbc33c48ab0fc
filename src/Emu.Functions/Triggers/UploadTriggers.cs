using Emu.Pipeline.Uploads;
using Microsoft.Extensions.Logging;

namespace Emu.Functions.Triggers;

/// <summary>Passes uploads that a trigger names to the handler, and waits a little for a picture's text.</summary>
public sealed class UploadTriggers
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly UploadHandler _handler;
    private readonly Dictionary<string, UploadRoute> _routes;
    private readonly List<UploadWatcher> _watchers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Creates it for some containers.</summary>
    /// <param name="handler">Starts jobs.</param>
    /// <param name="routes">The containers, each once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where outcomes are told.</param>
    public UploadTriggers(UploadHandler handler, IReadOnlyList<UploadRoute> routes, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(loggers);
        _handler = handler;
        _routes = routes.ToDictionary(route => route.Uploads.Name, StringComparer.Ordinal);
        _time = time;
        _watchers = [.. routes.Select(route => new UploadWatcher(handler, route, time, loggers.CreateLogger<UploadWatcher>()))];
        _logger = loggers.CreateLogger<UploadTriggers>();
    }

    /// <summary>The names of the containers.</summary>
    public IReadOnlyCollection<string> Containers => _routes.Keys;

    /// <summary>Handles one file, for a little longer than a picture waits for its text. What still waits then is the sweep's.</summary>
    /// <param name="container">The name of the container, one of <see cref="Containers"/>.</param>
    /// <param name="name">The file's name in the container.</param>
    /// <param name="cancellationToken">The host stops: the trigger delivers again.</param>
    /// <exception cref="ArgumentException">There is no such container.</exception>
    public async Task<UploadOutcome> HandleAsync(string container, string name, CancellationToken cancellationToken)
    {
        if (!_routes.TryGetValue(container, out var route))
        {
            throw new ArgumentException($"'{container}' is no container of uploads; there are: {string.Join(", ", Containers)}.", nameof(container));
        }

        var started = _time.GetTimestamp();
        while (true)
        {
            var listing = await UploadListing.ReadAsync(route.Uploads, cancellationToken);
            var outcome = await _handler.HandleAsync(route, name, listing, cancellationToken);
            if (outcome.IsFinal || _time.GetElapsedTime(started) > route.Options.TextWait + LookAgain)
            {
                _logger.LogInformation("Upload {Name} in {Container}: {Outcome} {JobId}{Code}", name, container, outcome.Kind, outcome.JobId, outcome.Code);
                return outcome;
            }

            await Task.Delay(LookAgain, _time, cancellationToken);
        }
    }

    /// <summary>Looks through every container once.</summary>
    /// <returns>How many files still wait.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken) =>
        (await Task.WhenAll(_watchers.Select(watcher => watcher.PollAsync(cancellationToken)))).Sum();
}
