using Emu.Durable.Abstractions.Engines;
using Emu.Durable.Storage;

namespace Emu.Durable.Activities;

/// <summary>
/// The waiting and running calls of activities, by group: the oldest instance's first, at most as many at once as the group
/// allows. Used on the engine's thread only; running activities report their result through a callback, on any thread.
/// </summary>
internal sealed class ActivityQueue
{
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<long, List<WorkItem>> _byInstance = [];
    private readonly List<WorkItem> _added = [];
    private readonly ActivityRegistry _registry;
    private readonly ActivityRunner _runner;
    private readonly Action<WorkItem, ActivityResult> _ended;

    public ActivityQueue(ActivityRegistry registry, ActivityRunner runner, Action<WorkItem, ActivityResult> ended)
    {
        _registry = registry;
        _runner = runner;
        _ended = ended;
        foreach (var (name, concurrency) in registry.Groups)
        {
            _groups.Add(name, new Group { Free = concurrency });
        }
    }

    /// <summary>Whether no further activity is started.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>How many activities run.</summary>
    public int RunningCount { get; private set; }

    /// <summary>Adds a call, within a transaction.</summary>
    public void Add(WorkItem item)
    {
        GroupOf(item).Waiting.Enqueue(item, item.Order);
        Items(item.Row).Add(item);
        _added.Add(item);
    }

    /// <summary>Takes the calls that may start now.</summary>
    public List<WorkItem> Take()
    {
        var taken = new List<WorkItem>();
        if (IsStopping)
        {
            return taken;
        }

        foreach (var group in _groups.Values)
        {
            while (group.Free > 0 && group.Waiting.TryDequeue(out var item, out _))
            {
                if (!item.IsDropped)
                {
                    group.Free--;
                    taken.Add(item);
                }
            }
        }

        return taken;
    }

    /// <summary>The transaction was committed: starts the calls taken in it.</summary>
    public void Committed(List<WorkItem> taken)
    {
        _added.Clear();
        foreach (var item in taken)
        {
            item.Running = new CancellationTokenSource();
            RunningCount++;
            if (item.IsDropped)
            {
                item.Running.Cancel();
            }

            var token = item.Running.Token;
            _ = Task.Run(async () => _ended(item, await _runner.RunAsync(item, token)), CancellationToken.None);
        }
    }

    /// <summary>The transaction was rolled back: the calls taken in it wait again, the calls added in it are removed.</summary>
    public void RolledBack(List<WorkItem> taken)
    {
        foreach (var item in taken)
        {
            var group = GroupOf(item);
            group.Free++;
            group.Waiting.Enqueue(item, item.Order);
        }

        foreach (var item in _added)
        {
            item.IsDropped = true;
            RemoveFromInstance(item);
        }

        _added.Clear();
    }

    /// <summary>A running call has ended. Repeating this for the same call changes nothing.</summary>
    public void Finish(WorkItem item)
    {
        if (item.Running is null)
        {
            return;
        }

        item.Running.Dispose();
        item.Running = null;
        RunningCount--;
        GroupOf(item).Free++;
        RemoveFromInstance(item);
    }

    /// <summary>An instance has ended: its waiting calls are removed, its running ones cancelled.</summary>
    public void Drop(long row)
    {
        if (_byInstance.Remove(row, out var items))
        {
            foreach (var item in items)
            {
                item.IsDropped = true;
                item.Running?.Cancel();
            }
        }
    }

    /// <summary>Starts no further activity, and cancels the running ones.</summary>
    public void Stop()
    {
        IsStopping = true;
        foreach (var item in _byInstance.Values.SelectMany(items => items))
        {
            item.Running?.Cancel();
        }
    }

    private Group GroupOf(WorkItem item) => _groups[_registry.Find(item.Activity)!.Group];

    private List<WorkItem> Items(long row)
    {
        if (!_byInstance.TryGetValue(row, out var items))
        {
            _byInstance.Add(row, items = []);
        }

        return items;
    }

    private void RemoveFromInstance(WorkItem item)
    {
        if (_byInstance.TryGetValue(item.Row, out var items) && items.Remove(item) && items.Count == 0)
        {
            _byInstance.Remove(item.Row);
        }
    }

    private sealed class Group
    {
        public int Free { get; set; }

        public PriorityQueue<WorkItem, (long Root, long Row, int Task)> Waiting { get; } = new();
    }
}

/// <summary>A call of an activity that has no result yet. Changed on the engine's thread only.</summary>
/// <param name="instance">The calling instance.</param>
/// <param name="task">The task's number within the instance.</param>
/// <param name="sequence">The sequence of the history row that records the call.</param>
/// <param name="activity">The activity's name.</param>
/// <param name="attempt">The attempt under the retry policy, from 1.</param>
/// <param name="input">The input as JSON.</param>
internal sealed class WorkItem(InstanceRecord instance, int task, int sequence, string activity, int attempt, string input)
{
    /// <summary>The calling instance's row.</summary>
    public long Row { get; } = instance.Row;

    public string InstanceId { get; } = instance.InstanceId;

    public string? TraceParent { get; } = instance.TraceParent;

    public string Activity => activity;

    public int Task => task;

    public int Sequence => sequence;

    public int Attempt => attempt;

    public string Input => input;

    /// <summary>The order of the queue: the instance with the oldest root first, then the order of scheduling.</summary>
    public (long Root, long Row, int Task) Order { get; } = (instance.Root, instance.Row, task);

    /// <summary>How often it has been started, in this process and earlier ones.</summary>
    public int Deliveries { get; set; }

    /// <summary>Whether its result is ignored, because its instance has ended or its transaction was rolled back.</summary>
    public bool IsDropped { get; set; }

    /// <summary>Cancels the running activity; null while it does not run.</summary>
    public CancellationTokenSource? Running { get; set; }
}
