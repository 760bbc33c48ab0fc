using System.Globalization;
using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Microsoft.Data.Sqlite;

namespace Emu.Durable.Storage;

/// <summary>The table of instances.</summary>
internal sealed class InstanceTable : IDisposable
{
    private const string Columns =
        "row, id, orchestration, version, root, parent, parent_task, trace_parent, created_at, updated_at, status, custom_status, last_sequence, processed, output, failure";

    private readonly Statement _insert;
    private readonly Statement _update;
    private readonly Statement _byRow;
    private readonly Statement _byId;
    private readonly Statement _children;
    private readonly Statement _delete;
    private readonly Statement _unprocessed;
    private readonly Statement _unfinished;
    private long _lastRow;

    public InstanceTable(SqliteConnection connection)
    {
        _insert = new Statement(connection, $"INSERT INTO instances ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)", 16);
        _update = new Statement(connection, "UPDATE instances SET updated_at = $2, status = $3, custom_status = $4, last_sequence = $5, processed = $6, output = $7, failure = $8 WHERE row = $1", 8);
        _byRow = new Statement(connection, $"SELECT {Columns} FROM instances WHERE row = $1", 1);
        _byId = new Statement(connection, $"SELECT {Columns} FROM instances WHERE id = $1", 1);
        _children = new Statement(connection, "SELECT row FROM instances WHERE parent = $1", 1);
        _delete = new Statement(connection, "DELETE FROM instances WHERE row = $1", 1);
        _unprocessed = new Statement(connection, "SELECT row FROM instances WHERE status < 2 AND processed < last_sequence ORDER BY row");
        _unfinished = new Statement(connection, "SELECT count(*) FROM instances WHERE status < 2");
        using var last = new Statement(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'instances'");
        _lastRow = last.Scalar() is long value ? value : 0;
    }

    /// <summary>A row number that was never used.</summary>
    public long NextRow() => ++_lastRow;

    public void Insert(InstanceRecord instance) => _insert.Execute(
        instance.Row,
        instance.InstanceId,
        instance.Orchestration,
        instance.Version,
        instance.Root,
        instance.Parent,
        instance.ParentTask,
        instance.TraceParent,
        instance.CreatedAt.UtcTicks,
        instance.UpdatedAt.UtcTicks,
        (int)instance.Status,
        instance.CustomStatus,
        instance.LastSequence,
        instance.Processed,
        instance.Output,
        instance.Failure);

    public void Update(InstanceRecord instance) => _update.Execute(
        instance.Row,
        instance.UpdatedAt.UtcTicks,
        (int)instance.Status,
        instance.CustomStatus,
        instance.LastSequence,
        instance.Processed,
        instance.Output,
        instance.Failure);

    public InstanceRecord? Find(long row) => ReadOne(_byRow, row);

    public InstanceRecord? Find(string instanceId) => ReadOne(_byId, instanceId);

    public List<long> Children(long row) => ReadRows(_children.Read(row));

    public void Delete(long row) => _delete.Execute(row);

    /// <summary>The unfinished instances whose history holds events that their code has not processed.</summary>
    public List<long> Unprocessed() => ReadRows(_unprocessed.Read());

    public int CountUnfinished() => Convert.ToInt32(_unfinished.Scalar(), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _insert.Dispose();
        _update.Dispose();
        _byRow.Dispose();
        _byId.Dispose();
        _children.Dispose();
        _delete.Dispose();
        _unprocessed.Dispose();
        _unfinished.Dispose();
    }

    private static List<long> ReadRows(SqliteDataReader reader)
    {
        using (reader)
        {
            var rows = new List<long>();
            while (reader.Read())
            {
                rows.Add(reader.GetInt64(0));
            }

            return rows;
        }
    }

    private static InstanceRecord? ReadOne(Statement statement, object key)
    {
        using var reader = statement.Read(key);
        if (!reader.Read())
        {
            return null;
        }

        return new InstanceRecord
        {
            Row = reader.GetInt64(0),
            InstanceId = reader.GetString(1),
            Orchestration = reader.GetString(2),
            Version = reader.GetString(3),
            Root = reader.GetInt64(4),
            Parent = reader.IsDBNull(5) ? null : reader.GetInt64(5),
            ParentTask = reader.GetInt32(6),
            TraceParent = Text(reader, 7),
            CreatedAt = new DateTimeOffset(reader.GetInt64(8), TimeSpan.Zero),
            UpdatedAt = new DateTimeOffset(reader.GetInt64(9), TimeSpan.Zero),
            Status = (OrchestrationRuntimeStatus)reader.GetInt32(10),
            CustomStatus = Text(reader, 11),
            LastSequence = reader.GetInt32(12),
            Processed = reader.GetInt32(13),
            Output = Text(reader, 14),
            Failure = Text(reader, 15),
        };
    }

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}

/// <summary>An instance's row. The engine changes it in place within a transaction, and reads it again if that is rolled back.</summary>
internal sealed class InstanceRecord
{
    /// <summary>The row's number. Never reused, so that a late result for a purged instance is ignored.</summary>
    public required long Row { get; init; }

    public required string InstanceId { get; init; }

    public required string Orchestration { get; init; }

    public required string Version { get; init; }

    /// <summary>The row of the oldest ancestor, or its own; activities of instances with a lower root run first.</summary>
    public required long Root { get; init; }

    /// <summary>The row of the parent, for a child.</summary>
    public long? Parent { get; init; }

    /// <summary>The number of the parent's task that awaits this child.</summary>
    public int ParentTask { get; init; }

    /// <summary>The W3C trace context of the caller that started the instance.</summary>
    public string? TraceParent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public OrchestrationRuntimeStatus Status { get; set; }

    public string? CustomStatus { get; set; }

    /// <summary>The sequence of the last row of the history.</summary>
    public int LastSequence { get; set; }

    /// <summary>The history rows up to this sequence have been processed by the orchestration's code; later ones wait for a turn.</summary>
    public int Processed { get; set; }

    /// <summary>JSON of the result.</summary>
    public string? Output { get; set; }

    /// <summary>JSON of the failure.</summary>
    public string? Failure { get; set; }

    public bool HasEnded => Status > OrchestrationRuntimeStatus.Running;

    /// <summary>The status that clients get.</summary>
    public OrchestrationStatus ToStatus() => new(
        InstanceId,
        Orchestration,
        Status,
        CustomStatus,
        CreatedAt,
        UpdatedAt,
        Output is null ? null : JsonSerializer.Deserialize<JsonElement>(Output),
        Failure is null ? null : Payload.ReadFailure(Failure));
}
