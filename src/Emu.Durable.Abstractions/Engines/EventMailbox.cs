namespace Emu.Durable.Abstractions.Engines;

/// <summary>
/// An instance's external events, with the rules of Durable Task's .NET worker: names ignore case; events without a waiter are
/// buffered in order; of several waiters the newest gets the next event, so that a waiter abandoned after a race takes none.
/// A cancelled waiter gets nothing. Not thread-safe: used within the instance's turns only.
/// </summary>
public sealed class EventMailbox
{
    private readonly Dictionary<string, Queue<string>> _buffered = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<TaskCompletionSource<string>>> _waiting = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the instance waits for an event.</summary>
    public bool HasWaiters => _waiting.Count > 0;

    /// <summary>Waits for the next event of a name.</summary>
    /// <returns>The event's payload, as JSON.</returns>
    public Task<string> TakeAsync(string name, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<string>(cancellationToken);
        }

        if (_buffered.TryGetValue(name, out var payloads))
        {
            var payload = payloads.Dequeue();
            if (payloads.Count == 0)
            {
                _buffered.Remove(name);
            }

            return Task.FromResult(payload);
        }

        var waiter = new TaskCompletionSource<string>();
        if (!_waiting.TryGetValue(name, out var waiters))
        {
            _waiting.Add(name, waiters = []);
        }

        waiters.Add(waiter);
        return cancellationToken.CanBeCanceled ? AwaitAsync(name, waiter, cancellationToken) : waiter.Task;
    }

    /// <summary>Passes an event to the newest waiter, or buffers it if there is none.</summary>
    public void Deliver(string name, string payload)
    {
        if (_waiting.TryGetValue(name, out var waiters))
        {
            var waiter = waiters[^1];
            Remove(name, waiter);
            waiter.SetResult(payload);
            return;
        }

        if (!_buffered.TryGetValue(name, out var payloads))
        {
            _buffered.Add(name, payloads = new Queue<string>());
        }

        payloads.Enqueue(payload);
    }

    private async Task<string> AwaitAsync(string name, TaskCompletionSource<string> waiter, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.Register(() =>
        {
            if (Remove(name, waiter))
            {
                waiter.SetCanceled(cancellationToken);
            }
        });
        return await waiter.Task;
    }

    private bool Remove(string name, TaskCompletionSource<string> waiter)
    {
        if (!_waiting.TryGetValue(name, out var waiters) || !waiters.Remove(waiter))
        {
            return false;
        }

        if (waiters.Count == 0)
        {
            _waiting.Remove(name);
        }

        return true;
    }
}
