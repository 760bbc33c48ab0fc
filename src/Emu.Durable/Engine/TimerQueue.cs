using System.Runtime.InteropServices;

namespace Emu.Durable.Engine;

/// <summary>The timers that have neither fired nor been withdrawn, the next one first.</summary>
internal sealed class TimerQueue
{
    private readonly SortedSet<(long Due, long Row, int Task)> timers = [];
    private readonly Dictionary<long, Dictionary<int, long>> byInstance = [];

    /// <summary>When the next one is due, in UTC ticks; null if there is none.</summary>
    public long? NextDue => timers.Count == 0 ? null : timers.Min.Due;

    public void Add(long row, int task, long due)
    {
        ref var tasks = ref CollectionsMarshal.GetValueRefOrAddDefault(byInstance, row, out _);
        tasks ??= [];
        tasks[task] = due;
        timers.Add((due, row, task));
    }

    public void Remove(long row, int task)
    {
        if (byInstance.TryGetValue(row, out var tasks) && tasks.Remove(task, out var due))
        {
            timers.Remove((due, row, task));
            if (tasks.Count == 0)
            {
                byInstance.Remove(row);
            }
        }
    }

    public void RemoveAll(long row)
    {
        if (byInstance.Remove(row, out var tasks))
        {
            foreach (var (task, due) in tasks)
            {
                timers.Remove((due, row, task));
            }
        }
    }

    /// <summary>Takes the timers that are due.</summary>
    public IEnumerable<(long Row, int Task)> TakeDue(long now)
    {
        while (timers.Count > 0 && timers.Min is var next && next.Due <= now)
        {
            Remove(next.Row, next.Task);
            yield return (next.Row, next.Task);
        }
    }
}
