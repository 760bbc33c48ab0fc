using Emu.Durable.Abstractions;

namespace Emu.Durable.Engine;

/// <summary>The callers that wait for instances to end, and the count of instances that have not.</summary>
internal sealed class EndWaiters
{
    private readonly Dictionary<string, List<TaskCompletionSource<OrchestrationStatus?>>> _byInstance = new(StringComparer.Ordinal);
    private readonly List<TaskCompletionSource<bool>> _drained = [];

    /// <summary>How many instances have not ended.</summary>
    public int Unfinished { get; private set; }

    public void Add(string instanceId, TaskCompletionSource<OrchestrationStatus?> waiter)
    {
        if (!_byInstance.TryGetValue(instanceId, out var waiters))
        {
            _byInstance.Add(instanceId, waiters = []);
        }

        waiters.RemoveAll(other => other.Task.IsCompleted);
        waiters.Add(waiter);
    }

    /// <returns>False if there is nothing to wait for.</returns>
    public bool AddDrain(TaskCompletionSource<bool> waiter)
    {
        if (Unfinished == 0)
        {
            waiter.TrySetResult(true);
            return false;
        }

        _drained.RemoveAll(other => other.Task.IsCompleted);
        _drained.Add(waiter);
        return true;
    }

    public void Started(int count = 1) => Unfinished += count;

    public void Ended(OrchestrationStatus status)
    {
        Unfinished--;
        if (_byInstance.Remove(status.InstanceId, out var waiters))
        {
            waiters.ForEach(waiter => waiter.TrySetResult(status));
        }

        if (Unfinished == 0)
        {
            _drained.ForEach(waiter => waiter.TrySetResult(true));
            _drained.Clear();
        }
    }

    /// <summary>The engine stops before the instances end.</summary>
    public void Fail(Exception exception)
    {
        foreach (var waiter in _byInstance.Values.SelectMany(waiters => waiters))
        {
            waiter.TrySetException(exception);
        }

        _drained.ForEach(waiter => waiter.TrySetException(exception));
        _byInstance.Clear();
        _drained.Clear();
    }
}
