namespace Emu.Durable.Scheduler.Activities;

/// <summary>Counts the activities from their arrival until their answer was sent.</summary>
internal sealed class RunningActivities
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _none;
    private int _count;

    public void Begin()
    {
        lock (_gate)
        {
            _count++;
        }
    }

    public void End()
    {
        lock (_gate)
        {
            if (--_count == 0)
            {
                _none?.TrySetResult();
            }
        }
    }

    /// <summary>Waits until there are none. No more may begin.</summary>
    public Task WaitForNoneAsync()
    {
        lock (_gate)
        {
            _none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_count == 0)
            {
                _none.TrySetResult();
            }

            return _none.Task;
        }
    }
}
