namespace Emu.Durable.Activities;

/// <summary>
/// The calls of activities that wait or run, by group: the oldest instance's first, so many at once as the group allows.
/// Used on the engine's thread only; running activities answer through a callback, on any thread.
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
        this._registry = registry;
        this._runner = runner;
        this._ended = ended;
        foreach (var (name, concurrency) in registry.Groups)
        {
            _groups.Add(name, new Group { Free = concurrency });
        }
    }

    /// <summary>Whether nothing more is started.</summary>
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

    /// <summary>The transaction is in: starts what was taken in it.</summary>
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

    /// <summary>The transaction was rolled back: what was taken in it waits again, what was added in it never was.</summary>
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
            Forget(item);
        }

        _added.Clear();
    }

    /// <summary>A running call has answered; doing this again for the same call changes nothing.</summary>
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
        Forget(item);
    }

    /// <summary>An instance has ended: its waiting calls are forgotten, its running ones told to stop.</summary>
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

    /// <summary>Starts nothing more, and tells everything that runs to stop.</summary>
    public void Stop()
    {
        IsStopping = true;
        foreach (var item in _byInstance.Values.SelectMany(items => items))
        {
            item.Running?.Cancel();
        }
    }

    private Group GroupOf(WorkItem item) => _groups[_registry.Get(item.Activity).Group];

    private List<WorkItem> Items(long row)
    {
        if (!_byInstance.TryGetValue(row, out var items))
        {
            _byInstance.Add(row, items = []);
        }

        return items;
    }

    private void Forget(WorkItem item)
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
