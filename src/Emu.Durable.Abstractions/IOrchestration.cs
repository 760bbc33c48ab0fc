using System.Text.Json;

namespace Emu.Durable.Abstractions;

/// <summary>A registered orchestration: stateless; one object serves every instance.</summary>
public interface IOrchestration
{
    /// <summary>The name it is started by.</summary>
    string Name { get; }

    /// <summary>The version new instances get. An instance keeps the version it started with.</summary>
    string Version { get; }

    /// <summary>Runs (and, on replay, runs again) the orchestration.</summary>
    Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input);
}

/// <summary>
/// What an orchestration may use: the port that every durable engine implements.
/// </summary>
/// <remarks>
/// Code before an await may run again (replay), so an orchestration takes time, identifiers and tasks from here only and
/// joins tasks with <see cref="Task.WhenAll(IEnumerable{Task})"/> or <see cref="Task.WhenAny(IEnumerable{Task})"/>.
/// No clock, random number, input or output, environment or foreign task; an awaited foreign task fails the instance.
/// An instance does not end before every activity, child and timer it asked for: a timer that lost a race must be cancelled.
/// </remarks>
public interface IOrchestrationContext
{
    /// <summary>The instance's id; a job's id for a job's own orchestration.</summary>
    string InstanceId { get; }

    /// <summary>The replay-safe time: when the event being processed was recorded, UTC.</summary>
    DateTimeOffset CurrentTime { get; }

    /// <summary>Whether the code that runs now has run before and only catches up with its history.</summary>
    bool IsReplaying { get; }

    /// <summary>A new identifier that is the same on every replay.</summary>
    Guid NewGuid();

    /// <summary>Calls an activity, at least once, and awaits its result.</summary>
    /// <exception cref="ActivityFailedException">The activity failed and the retry policy gave up.</exception>
    Task<TOutput> CallActivityAsync<TOutput>(string name, object? input, RetryPolicy? retry = null);

    /// <summary>
    /// Starts a child orchestration under an id of its own and awaits its result. Every child must be awaited. A retry runs the
    /// child again, under the same id, with the same input.
    /// </summary>
    /// <exception cref="ActivityFailedException">The child failed; its failure is passed on as data.</exception>
    Task<TOutput> CallChildAsync<TOutput>(string orchestration, string instanceId, object? input, RetryPolicy? retry = null);

    /// <summary>A durable timer. Cancelling the token ends the returned task as cancelled and withdraws the timer.</summary>
    Task CreateTimerAsync(DateTimeOffset fireAt, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits for an external event. Names are compared ignoring case; events that arrive before anybody waits are buffered
    /// in order, and of several waiters the newest is served first, as in Durable Task.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first; the next event goes to the next waiter.</exception>
    Task<TPayload> WaitForEventAsync<TPayload>(string name, CancellationToken cancellationToken = default);

    /// <summary>Waits for an external event, at most <paramref name="timeout"/>.</summary>
    /// <exception cref="TimeoutException">The time-out passed first; the next event goes to the next waiter.</exception>
    Task<TPayload> WaitForEventAsync<TPayload>(string name, TimeSpan timeout);

    /// <summary>Sets the instance's status text, for example the stage's name.</summary>
    void SetStatus(string status);

    /// <summary>Writes a log line once, not on replay.</summary>
    void Log(string message);
}
