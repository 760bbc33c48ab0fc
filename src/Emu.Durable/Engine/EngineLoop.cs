using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Engine;

/// <summary>The engine's thread: it takes the signals that have arrived and the timers that are due, one batch after the other.</summary>
internal sealed class EngineLoop(Func<EngineState> open, EngineHooks hooks, ILogger logger) : IDisposable
{
    private const int MaximumSignals = 512;

    /// <summary>The maximum sleep while a timer is set: the clock may be changed, or the machine may have been suspended.</summary>
    private static readonly TimeSpan MaximumSleep = TimeSpan.FromSeconds(10);

    private readonly BlockingCollection<ISignal> _signals = new();
    private readonly RetryQueue _retries = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the engine has ended; faults if it ended because of an error.</summary>
    public Task Completion => _ended.Task;

    /// <summary>Completes when the engine is stopping and no activity runs.</summary>
    public Task Idle => _idle.Task;

    /// <summary>The error of calls to an engine that has ended.</summary>
    public static InvalidOperationException Stopped() => new("The durable engine has stopped.");

    /// <summary>Opens the database and starts the thread.</summary>
    public Task StartAsync()
    {
        // Unsafe: the caller's execution context, with its trace span, must not become that of every activity.
        new Thread(Run) { IsBackground = true, Name = "emu-durable" }.UnsafeStart();
        return _started.Task;
    }

    /// <summary>Sends a signal, from any thread.</summary>
    public void Post(ISignal signal)
    {
        try
        {
            _signals.Add(signal);
        }
        catch (InvalidOperationException)
        {
            signal.Abandoned(Stopped());
        }
    }

    /// <summary>Makes a change, and returns once it is committed.</summary>
    public Task<T> ChangeAsync<T>(Func<EngineState, T> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var request = new Request<T>(change);
        Post(request);
        return request.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Reads what is stored.</summary>
    public Task<T> ReadAsync<T>(Func<EngineState, T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var query = new Query<T>(read);
        Post(query);
        return query.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Registers a waiter with the state, and waits until it is completed.</summary>
    public async Task<T> WaitAsync<T>(Func<EngineState, TaskCompletionSource<T>, bool> register, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await ReadAsync(state => register(state, waiter), cancellationToken);
        await using var registration = cancellationToken.Register(() => waiter.TrySetCanceled(cancellationToken));
        return await waiter.Task;
    }

    /// <summary>Stops the activities; <see cref="Idle"/> completes when none runs.</summary>
    public void StopActivities() => Post(new StopActivities());

    /// <summary>Ends the thread once it has processed the signals that have arrived.</summary>
    public void End() => _signals.CompleteAdding();

    public void Dispose() => _signals.Dispose();

    private void Run()
    {
        EngineState? state = null;
        Exception? fault = null;
        try
        {
            state = open();
            hooks.Opened?.Invoke(state.Database.Connection);
            var turns = new TurnRunner(state, row => Post(new ForeignTaskAwaited(row)));
            var processor = new SignalProcessor(state, turns, _retries, hooks, logger);
            var activities = processor.Recover();
            logger.EngineStarted(state.Options.DataFolder ?? "memory", state.Waiters.Unfinished, activities);
            _started.SetResult();
            ProcessSignals(state, processor);
        }
        catch (SqliteException exception)
        {
            fault = new DurableStoreException($"The durable engine's database cannot be used: {exception.Message}", exception);
        }
        catch (Exception exception)
        {
            fault = exception;
        }

        Close(state, fault);
    }

    private void ProcessSignals(EngineState state, SignalProcessor processor)
    {
        using var alarm = state.Options.Time.CreateTimer(_ => Post(new Wake()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var batch = new List<ISignal>();
        try
        {
            while (true)
            {
                batch.Clear();

                // Wait for a signal, unless instances wait for a turn.
                if ((_retries.IsFailing || !processor.HasTurns) && _signals.TryTake(out var first, MillisecondsToSleep(state, alarm)))
                {
                    batch.Add(first);
                }

                if (batch.Count == 0 && _signals.IsCompleted)
                {
                    return;
                }

                var isFull = !_retries.IsFailing || _retries.IsDue;
                Fill(batch, state, isFull);
                if (!processor.Process(batch, isFull))
                {
                    return;
                }

                if (processor.IsIdle)
                {
                    _idle.TrySetResult();
                }
            }
        }
        catch (Exception exception)
        {
            batch.ForEach(signal => signal.Abandoned(exception));
            throw;
        }
    }

    private void Fill(List<ISignal> batch, EngineState state, bool withRetries)
    {
        if (withRetries)
        {
            _retries.MoveTo(batch);
        }

        while (batch.Count < MaximumSignals && _signals.TryTake(out var signal))
        {
            batch.Add(signal);
        }

        foreach (var (row, task) in state.Timers.TakeDue(state.Options.Time.GetUtcNow().UtcTicks))
        {
            batch.Add(new TimerDue(row, task));
        }
    }

    /// <returns>The milliseconds until the next timer or retry.</returns>
    private int MillisecondsToSleep(EngineState state, ITimer alarm)
    {
        if (state.Timers.NextDue is not { } due)
        {
            return _retries.MillisecondsUntilDue;
        }

        var wait = TimeSpan.FromTicks(Math.Max(0, due - state.Options.Time.GetUtcNow().UtcTicks));
        if (state.Options.Time != TimeProvider.System)
        {
            // A clock other than the system's runs at its own pace, so its own timer must wake the thread.
            alarm.Change(TimeSpan.FromTicks(Math.Min(wait.Ticks, TimeSpan.TicksPerDay)), Timeout.InfiniteTimeSpan);
        }

        // Rounded up: a timer never fires early.
        var untilDue = (int)Math.Ceiling(Math.Min(wait.TotalMilliseconds, MaximumSleep.TotalMilliseconds));
        return _retries.IsFailing ? Math.Min(untilDue, _retries.MillisecondsUntilDue) : untilDue;
    }

    private void Close(EngineState? state, Exception? fault)
    {
        _signals.CompleteAdding();
        var reason = fault ?? Stopped();
        foreach (var signal in _signals.GetConsumingEnumerable())
        {
            signal.Abandoned(reason);
        }

        state?.Queue.Stop();
        state?.Waiters.Fail(reason);
        try
        {
            state?.Dispose();
        }
        catch (Exception exception)
        {
            // An exception that leaves the thread would end the process.
            fault ??= exception;
        }

        _idle.TrySetResult();
        if (fault is null)
        {
            logger.EngineStopped();
            _ended.TrySetResult();
            return;
        }

        if (!_started.TrySetException(fault))
        {
            logger.EngineFaulted(fault);
        }

        _ended.TrySetException(fault);
        _ = _ended.Task.Exception;
    }
}

/// <summary>Where tests interfere with the engine.</summary>
internal sealed record EngineHooks
{
    /// <summary>The engine ends, as if its process had died, after this many transactions that changed an instance.</summary>
    public int? CrashAfterCommits { get; init; }

    /// <summary>Gets the open database, on the engine's thread.</summary>
    public Action<SqliteConnection>? Opened { get; init; }
}
