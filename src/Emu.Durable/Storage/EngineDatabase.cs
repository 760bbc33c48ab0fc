using System.Globalization;
using Emu.Durable.Abstractions.Engines;
using Microsoft.Data.Sqlite;

namespace Emu.Durable.Storage;

/// <summary>The open database: the folder lock, the connection, transactions. Used by one thread at a time.</summary>
internal sealed class EngineDatabase : IDisposable
{
    /// <summary>The database's file name within the data folder.</summary>
    public const string FileName = "engine.db";

    private readonly EngineLock? _folderLock;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;

    private EngineDatabase(EngineLock? folderLock, SqliteConnection connection)
    {
        _folderLock = folderLock;
        Connection = connection;
        _begin = new Statement(connection, "BEGIN IMMEDIATE");
        _commit = new Statement(connection, "COMMIT");
        _rollback = new Statement(connection, "ROLLBACK");
    }

    public SqliteConnection Connection { get; }

    /// <summary>Opens the database of a folder, or one in memory, and upgrades it to the current version.</summary>
    /// <exception cref="DurableDataInUseException">Another process or engine holds the folder.</exception>
    /// <exception cref="DurableDataVersionException">The data was written by a newer version, or by another program.</exception>
    /// <exception cref="DurableStoreException">The file cannot be opened, or is damaged.</exception>
    public static EngineDatabase Open(string? folder, bool powerLossDurability, IReadOnlyList<string>? steps = null)
    {
        var folderLock = folder is null ? null : EngineLock.Acquire(folder);
        var path = folder is null ? ":memory:" : Path.Combine(folder, FileName);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 2 }.ToString());
        try
        {
            connection.Open();
            Configure(connection, powerLossDurability);
            Schema.Upgrade(connection, steps ?? Schema.Steps);
            return new EngineDatabase(folderLock, connection);
        }
        catch (Exception exception)
        {
            connection.Dispose();
            folderLock?.Dispose();
            if (exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED })
            {
                throw new DurableDataInUseException(folder ?? path, "another program that has its database open", exception);
            }

            if (exception is SqliteException)
            {
                throw new DurableStoreException($"The database '{path}' cannot be opened: {exception.Message}", exception);
            }

            throw;
        }
    }

    public void Begin() => _begin.Execute();

    public void Commit() => _commit.Execute();

    /// <summary>Rolls the transaction back, unless SQLite has done so itself, as it does on a full disk.</summary>
    public void Rollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(Connection.Handle) == 0)
        {
            _rollback.Execute();
        }
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
        Connection.Dispose();
        _folderLock?.Dispose();
    }

    private static void Configure(SqliteConnection connection, bool powerLossDurability)
    {
        using var command = connection.CreateCommand();

        // Exclusive before the first access: the write-ahead log's index then stays in memory, and no other process can write.
        command.CommandText = $"""
            PRAGMA locking_mode = EXCLUSIVE;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = {(powerLossDurability ? "FULL" : "NORMAL")};
            PRAGMA fullfsync = {(powerLossDurability ? "ON" : "OFF")};
            PRAGMA journal_size_limit = 67108864;
            PRAGMA temp_store = MEMORY;
            """;
        command.ExecuteNonQuery();
    }
}

/// <summary>A statement that is compiled once and run many times; its parameters are <c>$1</c>, <c>$2</c>, and so on.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    public Statement(SqliteConnection connection, string sql, int parameters = 0)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        for (var index = 1; index <= parameters; index++)
        {
            _command.Parameters.Add(new SqliteParameter(string.Create(CultureInfo.InvariantCulture, $"${index}"), DBNull.Value));
        }
    }

    /// <returns>How many rows were changed.</returns>
    public int Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <returns>The rows; dispose the reader before the statement runs again.</returns>
    public SqliteDataReader Read(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteReader();
    }

    /// <returns>The first row's first column, or null.</returns>
    public object? Scalar(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            _command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }
    }
}
