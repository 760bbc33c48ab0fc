using Microsoft.Data.Sqlite;

namespace Emu.Durable.Storage;

/// <summary>The table of histories.</summary>
internal sealed class HistoryTable : IDisposable
{
    private const string Columns = "sequence, kind, at, task, cause, value, deliveries, name, data";

    /// <summary>Every task of an unfinished instance that was scheduled (kind $1) and has no result (kinds $2, $3), the oldest first.</summary>
    private const string OpenTasks = """
        SELECT i.row, h.sequence, h.kind, h.at, h.task, h.cause, h.value, h.deliveries, h.name, h.data
        FROM instances i JOIN history h ON h.instance = i.row
        WHERE i.status < 2 AND h.kind = $1 AND NOT EXISTS
            (SELECT 1 FROM history a WHERE a.instance = h.instance AND a.task = h.task AND a.kind IN ($2, $3))
        ORDER BY i.row, h.sequence
        """;

    private readonly Statement _insert;
    private readonly Statement _range;
    private readonly Statement _delete;
    private readonly Statement _openTasks;
    private readonly Statement _deliver;

    public HistoryTable(SqliteConnection connection)
    {
        _insert = new Statement(connection, $"INSERT INTO history (instance, {Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", 10);
        _range = new Statement(connection, $"SELECT {Columns} FROM history WHERE instance = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence", 3);
        _delete = new Statement(connection, "DELETE FROM history WHERE instance = $1", 1);
        _openTasks = new Statement(connection, OpenTasks, 3);
        _deliver = new Statement(connection, "UPDATE history SET deliveries = $3 WHERE instance = $1 AND sequence = $2", 3);
    }

    public void Insert(long row, HistoryEvent item) =>
        _insert.Execute(row, item.Sequence, (int)item.Kind, item.At.UtcTicks, item.Task, item.Cause, item.Value, item.Deliveries, item.Name, item.Data);

    /// <summary>The rows after one sequence, up to and including another.</summary>
    public List<HistoryEvent> Read(long row, int after, int upTo)
    {
        using var reader = _range.Read(row, after, upTo);
        var events = new List<HistoryEvent>();
        while (reader.Read())
        {
            events.Add(Event(reader, 0));
        }

        return events;
    }

    public void Delete(long row) => _delete.Execute(row);

    /// <summary>Records how often an activity has been started.</summary>
    public void SetDeliveries(long row, int sequence, int deliveries) => _deliver.Execute(row, sequence, deliveries);

    /// <summary>The activities that were scheduled and neither completed nor failed.</summary>
    public List<(long Row, HistoryEvent Event)> OpenActivities() =>
        Open(HistoryEventKind.ActivityScheduled, HistoryEventKind.ActivityCompleted, HistoryEventKind.ActivityFailed);

    /// <summary>The timers that were created and have not fired, including those that the code has cancelled.</summary>
    public List<(long Row, HistoryEvent Event)> OpenTimers() =>
        Open(HistoryEventKind.TimerCreated, HistoryEventKind.TimerFired, HistoryEventKind.TimerFired);

    public void Dispose()
    {
        _insert.Dispose();
        _range.Dispose();
        _delete.Dispose();
        _openTasks.Dispose();
        _deliver.Dispose();
    }

    private static HistoryEvent Event(SqliteDataReader reader, int first) => new(
        reader.GetInt32(first),
        (HistoryEventKind)reader.GetInt32(first + 1),
        new DateTimeOffset(reader.GetInt64(first + 2), TimeSpan.Zero),
        reader.GetInt32(first + 3),
        reader.GetInt32(first + 4),
        reader.GetInt64(first + 5),
        reader.IsDBNull(first + 7) ? null : reader.GetString(first + 7),
        reader.IsDBNull(first + 8) ? null : reader.GetString(first + 8),
        reader.GetInt32(first + 6));

    private List<(long Row, HistoryEvent Event)> Open(HistoryEventKind scheduled, HistoryEventKind result, HistoryEventKind otherResult)
    {
        using var reader = _openTasks.Read((int)scheduled, (int)result, (int)otherResult);
        var open = new List<(long, HistoryEvent)>();
        while (reader.Read())
        {
            open.Add((reader.GetInt64(0), Event(reader, 1)));
        }

        return open;
    }
}

/// <summary>
/// A row of an instance's history: either an event (a result, a timer that fired, an external event), or a task that its code
/// scheduled (an activity, a timer, a child).
/// </summary>
/// <param name="Sequence">The row's number within the instance, from 1.</param>
/// <param name="Kind">What it records.</param>
/// <param name="At">When it was recorded, UTC; never earlier than the row before.</param>
/// <param name="Task">The number of the task that was scheduled, or that the event belongs to; 0 if there is none.</param>
/// <param name="Cause">For a scheduled task: the sequence of the event during whose processing the code scheduled it.</param>
/// <param name="Value">The attempt of an activity, from 1; the due time of a timer, in UTC ticks.</param>
/// <param name="Name">The name of the orchestration, activity, child's orchestration or event.</param>
/// <param name="Data">JSON of the input, result, failure or payload; the id of a child.</param>
/// <param name="Deliveries">How often the activity has been started.</param>
internal sealed record HistoryEvent(
    int Sequence,
    HistoryEventKind Kind,
    DateTimeOffset At,
    int Task = 0,
    int Cause = 0,
    long Value = 0,
    string? Name = null,
    string? Data = null,
    int Deliveries = 0)
{
    /// <summary>Whether the row is a task that the code scheduled, not an event that the code processes.</summary>
    public bool IsScheduledTask => Kind is HistoryEventKind.ActivityScheduled or HistoryEventKind.TimerCreated or HistoryEventKind.ChildScheduled;
}

/// <summary>The kinds of history rows. The numbers are stored: never change or reuse one.</summary>
internal enum HistoryEventKind
{
    Started = 1,
    ActivityScheduled = 2,
    ActivityCompleted = 3,
    ActivityFailed = 4,
    TimerCreated = 5,
    TimerFired = 6,
    ChildScheduled = 7,
    ChildCompleted = 8,
    ChildFailed = 9,
    EventRaised = 10,
}
