namespace Emu.Durable.Replay;

/// <summary>
/// Runs an orchestration's continuations on the engine's thread, within a turn of the instance, in the order in which they are
/// posted. A continuation that is posted outside of a turn belongs to a foreign task.
/// </summary>
internal sealed class TurnSynchronizationContext(Action onForeignTask) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private int _turnThread;

    /// <summary>Whether the calling code runs within a turn of this instance.</summary>
    public bool IsInTurn => Volatile.Read(ref _turnThread) == Environment.CurrentManagedThreadId;

    /// <summary>Runs an action and the continuations it causes, as a turn.</summary>
    public void Run(Action action)
    {
        var previous = Current;
        SetSynchronizationContext(this);
        Volatile.Write(ref _turnThread, Environment.CurrentManagedThreadId);
        try
        {
            action();
            while (_queue.TryDequeue(out var item))
            {
                item.Callback(item.State);
            }
        }
        finally
        {
            Volatile.Write(ref _turnThread, 0);
            SetSynchronizationContext(previous);
        }
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsInTurn)
        {
            _queue.Enqueue((d, state));
        }
        else
        {
            onForeignTask();
        }
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!IsInTurn)
        {
            throw new NotSupportedException("An orchestration's code runs within its turns only.");
        }

        d(state);
    }

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;
}
