using System.Runtime.InteropServices;

namespace Emu.Durable.Engine;

/// <summary>The timers that have neither fired nor been cancelled, ordered by due time.</summary>
internal sealed class TimerQueue
{
    private readonly SortedSet<(long Due, long Row, int Task)> _timers = [];
    private readonly Dictionary<long, Dictionary<int, long>> _byInstance = [];

    /// <summary>When the next one is due, in UTC ticks; null if there is none.</summary>
    public long? NextDue => _timers.Count == 0 ? null : _timers.Min.Due;

    public void Add(long row, int task, long due)
    {
        ref var tasks = ref CollectionsMarshal.GetValueRefOrAddDefault(_byInstance, row, out _);
        tasks ??= [];
        tasks[task] = due;
        _timers.Add((due, row, task));
    }

    public void Remove(long row, int task)
    {
        if (_byInstance.TryGetValue(row, out var tasks) && tasks.Remove(task, out var due))
        {
            _timers.Remove((due, row, task));
            if (tasks.Count == 0)
            {
                _byInstance.Remove(row);
            }
        }
    }

    public void RemoveAll(long row)
    {
        if (_byInstance.Remove(row, out var tasks))
        {
            foreach (var (task, due) in tasks)
            {
                _timers.Remove((due, row, task));
            }
        }
    }

    /// <summary>Removes and returns the timers that are due.</summary>
    public IEnumerable<(long Row, int Task)> TakeDue(long now)
    {
        while (_timers.Count > 0 && _timers.Min is var next && next.Due <= now)
        {
            Remove(next.Row, next.Task);
            yield return (next.Row, next.Task);
        }
    }
}
