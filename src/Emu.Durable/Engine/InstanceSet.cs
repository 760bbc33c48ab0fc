using Emu.Durable.Replay;
using Emu.Durable.Storage;

namespace Emu.Durable.Engine;

/// <summary>
/// The instances in memory: loaded when an event arrives, written back within each transaction, and removed when they end,
/// when the cache is full, or when a transaction is rolled back.
/// </summary>
internal sealed class InstanceSet(InstanceTable instances, HistoryTable history, int maximumCached, TimeProvider time)
{
    private readonly Dictionary<long, LiveInstance> _live = [];
    private readonly LinkedList<LiveInstance> _byUse = new();
    private readonly List<LiveInstance> _changed = [];
    private readonly Queue<LiveInstance> _turns = new();

    /// <summary>Whether any instance waits for a turn.</summary>
    public bool HasTurns => _turns.Count > 0;

    /// <summary>The instance of a row, or null if there is none.</summary>
    public LiveInstance? Get(long row)
    {
        if (_live.TryGetValue(row, out var known))
        {
            return MarkUsed(known);
        }

        return instances.Find(row) is { } record ? Load(record) : null;
    }

    /// <summary>The instance of an id, or null if there is none.</summary>
    public LiveInstance? Get(string instanceId)
    {
        if (instances.Find(instanceId) is not { } record)
        {
            return null;
        }

        return _live.TryGetValue(record.Row, out var known) ? MarkUsed(known) : Load(record);
    }

    /// <summary>Stores a new instance.</summary>
    public LiveInstance Add(InstanceRecord record)
    {
        instances.Insert(record);
        return Change(Load(record));
    }

    /// <summary>Marks the record to be written before the transaction ends.</summary>
    public LiveInstance Change(LiveInstance instance)
    {
        if (!instance.IsChanged)
        {
            instance.IsChanged = true;
            _changed.Add(instance);
        }

        return instance;
    }

    /// <summary>Stores a row of an instance's history. An event, unlike a scheduled task, gives the instance a turn.</summary>
    /// <returns>The row's sequence.</returns>
    public int Append(LiveInstance instance, HistoryEventKind kind, int task = 0, int cause = 0, long value = 0, string? name = null, string? data = null)
    {
        var record = instance.Record;
        var now = time.GetUtcNow();
        record.UpdatedAt = now > record.UpdatedAt ? now : record.UpdatedAt;
        var item = new HistoryEvent(++record.LastSequence, kind, record.UpdatedAt, task, cause, value, name, data);
        history.Insert(record.Row, item);
        Change(instance);
        if (!item.IsScheduledTask)
        {
            instance.Inbox.Enqueue(item);
            AwaitTurn(instance);
        }

        return item.Sequence;
    }

    /// <summary>Puts an instance into the queue for a turn.</summary>
    public void AwaitTurn(LiveInstance instance)
    {
        if (!instance.AwaitsTurn)
        {
            instance.AwaitsTurn = true;
            _turns.Enqueue(instance);
        }
    }

    public bool TryTakeTurn(out LiveInstance instance)
    {
        if (!_turns.TryDequeue(out instance!))
        {
            return false;
        }

        instance.AwaitsTurn = false;
        return true;
    }

    /// <summary>Removes an ended instance and its history.</summary>
    public void Delete(long row)
    {
        history.Delete(row);
        instances.Delete(row);
        if (_live.TryGetValue(row, out var known))
        {
            Remove(known);
        }
    }

    /// <summary>Writes the changed records, as the transaction's last step.</summary>
    /// <returns>How many were written.</returns>
    public int Flush()
    {
        _changed.ForEach(instance => instances.Update(instance.Record));
        return _changed.Count;
    }

    /// <summary>The transaction was committed.</summary>
    public void Committed()
    {
        foreach (var instance in _changed)
        {
            instance.IsChanged = false;
            if (instance.Record.HasEnded)
            {
                Remove(instance);
            }
        }

        _changed.Clear();
        for (var node = _byUse.First; _live.Count > maximumCached && node is not null;)
        {
            var (instance, next) = (node.Value, node.Next);
            if (!instance.AwaitsTurn)
            {
                Remove(instance);
            }

            node = next;
        }
    }

    /// <summary>The transaction was rolled back: instances are read again when needed.</summary>
    public void RolledBack()
    {
        _changed.Clear();
        _turns.Clear();
        _live.Clear();
        _byUse.Clear();
    }

    /// <summary>Queues every instance whose stored history holds events that its code has not processed.</summary>
    public void RecoverTurns()
    {
        foreach (var row in instances.Unprocessed())
        {
            AwaitTurn(Get(row)!);
        }
    }

    private LiveInstance Load(InstanceRecord record)
    {
        var instance = new LiveInstance(record);
        instance.Node = _byUse.AddLast(instance);
        _live.Add(record.Row, instance);
        if (!record.HasEnded)
        {
            foreach (var item in history.Read(record.Row, record.Processed, record.LastSequence))
            {
                instance.Inbox.Enqueue(item);
            }
        }

        return instance;
    }

    private LiveInstance MarkUsed(LiveInstance instance)
    {
        _byUse.Remove(instance.Node!);
        _byUse.AddLast(instance.Node!);
        return instance;
    }

    private void Remove(LiveInstance instance)
    {
        if (_live.Remove(instance.Record.Row))
        {
            _byUse.Remove(instance.Node!);
        }
    }
}

/// <summary>An instance in memory.</summary>
internal sealed class LiveInstance(InstanceRecord record)
{
    public InstanceRecord Record { get; } = record;

    /// <summary>Stored events that the code has not processed.</summary>
    public Queue<HistoryEvent> Inbox { get; } = new();

    /// <summary>The running orchestration; null until the instance has a turn.</summary>
    public OrchestrationExecution? Execution { get; set; }

    /// <summary>Whether it is in the queue for a turn.</summary>
    public bool AwaitsTurn { get; set; }

    /// <summary>Whether its record differs from the stored one.</summary>
    public bool IsChanged { get; set; }

    /// <summary>Its node in the list of cached instances, ordered by last use.</summary>
    public LinkedListNode<LiveInstance>? Node { get; set; }
}
