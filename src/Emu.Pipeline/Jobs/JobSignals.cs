namespace Emu.Pipeline.Jobs;

/// <summary>
/// Notifies waiters in this process that a job has changed: its progress, its end, its cancellation or deletion.
/// Changes that other processes make are not signalled, so a wait has a timeout after which the job is read again.
/// </summary>
public sealed class JobSignals
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<JobSubscription>> _subscriptions = new(StringComparer.Ordinal);

    /// <summary>Wakes every subscription to a job.</summary>
    public void Raise(string jobId)
    {
        lock (_lock)
        {
            foreach (var subscription in _subscriptions.GetValueOrDefault(jobId) ?? [])
            {
                subscription.Wake();
            }
        }
    }

    /// <summary>Subscribes to a job. Subscribe first and read the job then, so that no change between the two is missed.</summary>
    public JobSubscription Subscribe(string jobId)
    {
        var subscription = new JobSubscription(this, jobId);
        lock (_lock)
        {
            if (!_subscriptions.TryGetValue(jobId, out var list))
            {
                _subscriptions[jobId] = list = [];
            }

            list.Add(subscription);
        }

        return subscription;
    }

    internal void Remove(string jobId, JobSubscription subscription)
    {
        lock (_lock)
        {
            if (_subscriptions.TryGetValue(jobId, out var list) && list.Remove(subscription) && list.Count == 0)
            {
                _subscriptions.Remove(jobId);
            }
        }
    }
}

/// <summary>A subscription to one job's changes. Made by <see cref="JobSignals.Subscribe"/>; for one waiter at a time.</summary>
public sealed class JobSubscription : IDisposable
{
    private readonly JobSignals _signals;
    private readonly string _jobId;
    private volatile TaskCompletionSource _changed = NewSignal();

    internal JobSubscription(JobSignals signals, string jobId)
    {
        _signals = signals;
        _jobId = jobId;
    }

    /// <summary>Waits until the job has changed since the last wait, or until the timeout has passed.</summary>
    public async Task WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        await _changed.Task.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (_changed.Task.IsCompleted)
        {
            // A change from here on wakes the next wait. One just before is seen when the job is read after this wait.
            _changed = NewSignal();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _signals.Remove(_jobId, this);

    internal void Wake() => _changed.TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
