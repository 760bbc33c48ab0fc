using System.Text.Json;

namespace Emu.Durable.Abstractions;

/// <summary>An orchestration: stateless; one object serves every instance.</summary>
public interface IOrchestration
{
    /// <summary>The name it is started by.</summary>
    string Name { get; }

    /// <summary>The version new instances get. An instance keeps the version it started with.</summary>
    string Version { get; }

    /// <summary>Runs the orchestration, and runs it again on every replay.</summary>
    Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input);
}

/// <summary>What an orchestration may use. Every durable engine implements it.</summary>
/// <remarks>
/// An orchestration's code runs again on replay. So it takes time, identifiers and tasks from its context only, and joins tasks
/// with <see cref="Task.WhenAll(IEnumerable{Task})"/> or <see cref="Task.WhenAny(IEnumerable{Task})"/>. It reads no clock, random
/// number, file, network or environment variable. A task that does not come from the context is a foreign task; an instance that
/// awaits one fails. An instance does not end before every activity, child and timer that it started, so cancel a timer that is
/// no longer needed.
/// </remarks>
public interface IOrchestrationContext
{
    /// <summary>The instance's id; a job's id for a job's own orchestration.</summary>
    string InstanceId { get; }

    /// <summary>The replay-safe time: when the event being processed was recorded, UTC.</summary>
    DateTimeOffset CurrentTime { get; }

    /// <summary>Whether the code runs again on events that it has processed before.</summary>
    bool IsReplaying { get; }

    /// <summary>A new identifier that is the same on every replay.</summary>
    Guid NewGuid();

    /// <summary>Calls an activity and awaits its result. The activity runs at least once.</summary>
    /// <exception cref="ActivityFailedException">The activity failed, and the retry policy allows no further attempt.</exception>
    Task<TOutput> CallActivityAsync<TOutput>(string name, object? input, RetryPolicy? retry = null);

    /// <summary>
    /// Starts a child orchestration under the given id and awaits its result. Every child must be awaited. A retry runs the
    /// child again, under the same id, with the same input.
    /// </summary>
    /// <exception cref="ActivityFailedException">The child failed, and the retry policy allows no further attempt.</exception>
    Task<TOutput> CallChildAsync<TOutput>(string orchestration, string instanceId, object? input, RetryPolicy? retry = null);

    /// <summary>Waits for a durable timer. Cancelling the token cancels the timer and the returned task.</summary>
    Task CreateTimerAsync(DateTimeOffset fireAt, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits for an external event. Names ignore case. Events that arrive before the instance waits for them are buffered in
    /// order; of several waiters the newest gets the next event, as in Durable Task.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first; the next event goes to the next waiter.</exception>
    Task<TPayload> WaitForEventAsync<TPayload>(string name, CancellationToken cancellationToken = default);

    /// <summary>Sets the instance's status text, for example the stage's name.</summary>
    void SetStatus(string status);

    /// <summary>Writes a log line once, not on replay.</summary>
    void Log(string message);
}

/// <summary>What any <see cref="IOrchestrationContext"/> can do by means of its other members.</summary>
public static class OrchestrationContextExtensions
{
    /// <summary>Waits for an external event, at most <paramref name="timeout"/>.</summary>
    /// <param name="context">The orchestration's context.</param>
    /// <param name="name">The event's name, ignoring case.</param>
    /// <param name="timeout">The maximum time to wait, not negative, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <exception cref="TimeoutException">The event did not arrive in time; the next event goes to the next waiter.</exception>
    public static async Task<TPayload> WaitForEventAsync<TPayload>(this IOrchestrationContext context, string name, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return await context.WaitForEventAsync<TPayload>(name);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        using var waiting = new CancellationTokenSource();
        using var timing = new CancellationTokenSource();
        var waiter = context.WaitForEventAsync<TPayload>(name, waiting.Token);
        var timer = context.CreateTimerAsync(context.CurrentTime + timeout, timing.Token);
        if (await Task.WhenAny(waiter, timer) == timer)
        {
            waiting.Cancel();
            throw new TimeoutException($"The event '{name}' did not arrive within {timeout}.");
        }

        timing.Cancel();
        return await waiter;
    }
}
