using Emu.Durable.Abstractions.Engines;
using Microsoft.Data.Sqlite;

namespace Emu.Durable.Storage;

/// <summary>The database's tables, as the list of migration steps from an empty file to the current version.</summary>
internal static class Schema
{
    /// <summary>Identifies the engine's files in SQLite's <c>application_id</c> ("EmuD").</summary>
    private const long ApplicationId = 0x456D7544;

    /// <summary>Step n upgrades version n to n + 1. Never change a step, only add new ones: data of any earlier version is upgraded by the steps it lacks.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        CREATE TABLE instances (
            row INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            orchestration TEXT NOT NULL,
            version TEXT NOT NULL,
            root INTEGER NOT NULL,
            parent INTEGER,
            parent_task INTEGER NOT NULL,
            trace_parent TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            status INTEGER NOT NULL,
            custom_status TEXT,
            last_sequence INTEGER NOT NULL,
            processed INTEGER NOT NULL,
            output TEXT,
            failure TEXT
        ) STRICT;
        CREATE INDEX instances_unfinished ON instances (status) WHERE status < 2;
        CREATE INDEX instances_children ON instances (parent) WHERE parent IS NOT NULL;
        CREATE TABLE history (
            instance INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            at INTEGER NOT NULL,
            task INTEGER NOT NULL,
            cause INTEGER NOT NULL,
            value INTEGER NOT NULL,
            deliveries INTEGER NOT NULL,
            name TEXT,
            data TEXT,
            PRIMARY KEY (instance, sequence)
        ) STRICT, WITHOUT ROWID;
        """,
    ];

    /// <summary>Upgrades the database to the last step's version, in one transaction.</summary>
    /// <exception cref="DurableDataVersionException">The file belongs to another program, or is newer than <paramref name="steps"/>.</exception>
    public static void Upgrade(SqliteConnection connection, IReadOnlyList<string> steps)
    {
        using var command = connection.CreateCommand();
        var version = Read("PRAGMA user_version");
        var application = Read("PRAGMA application_id");
        if (application != ApplicationId && (application != 0 || version != 0 || Read("SELECT count(*) FROM sqlite_schema") != 0))
        {
            throw new DurableDataVersionException($"'{connection.DataSource}' is a database of another program.");
        }

        if (version > steps.Count)
        {
            throw new DurableDataVersionException(
                $"'{connection.DataSource}' has version {version}, written by a newer EmuFunctions; this one reads versions up to {steps.Count}. Upgrade EmuFunctions, or choose another data folder.");
        }

        if (version == steps.Count)
        {
            return;
        }

        using var transaction = connection.BeginTransaction();
        command.Transaction = transaction;
        foreach (var step in steps.Skip((int)version))
        {
            Execute(step);
        }

        Execute($"PRAGMA application_id = {ApplicationId}");
        Execute($"PRAGMA user_version = {steps.Count}");
        transaction.Commit();

        long Read(string sql)
        {
            command.CommandText = sql;
            return (long)command.ExecuteScalar()!;
        }

        void Execute(string sql)
        {
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
