using Microsoft.Data.Sqlite;

namespace Emu.Durable.Storage;

/// <summary>The rows of histories.</summary>
internal sealed class HistoryTable : IDisposable
{
    private const string Columns = "sequence, kind, at, task, cause, value, deliveries, name, data";

    /// <summary>Every task of an unfinished instance that was asked for ($1) and has no answer ($2, $3), the oldest first.</summary>
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

    /// <summary>The rows after one sequence, up to and with another.</summary>
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

    /// <summary>Records how often an activity has been begun.</summary>
    public void SetDeliveries(long row, int sequence, int deliveries) => _deliver.Execute(row, sequence, deliveries);

    /// <summary>The activities that were scheduled and neither completed nor failed.</summary>
    public List<(long Row, HistoryEvent Event)> OpenActivities() =>
        Open(HistoryEventKind.ActivityScheduled, HistoryEventKind.ActivityCompleted, HistoryEventKind.ActivityFailed);

    /// <summary>The timers that were created and have not fired; among them those that the code has withdrawn.</summary>
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

    private List<(long Row, HistoryEvent Event)> Open(HistoryEventKind asked, HistoryEventKind answer, HistoryEventKind otherAnswer)
    {
        using var reader = _openTasks.Read((int)asked, (int)answer, (int)otherAnswer);
        var open = new List<(long, HistoryEvent)>();
        while (reader.Read())
        {
            open.Add((reader.GetInt64(0), Event(reader, 1)));
        }

        return open;
    }
}
