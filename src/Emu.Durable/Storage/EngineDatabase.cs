using Microsoft.Data.Sqlite;

namespace Emu.Durable.Storage;

/// <summary>The open database, held by one thread at a time: the lock, the connection, transactions.</summary>
internal sealed class EngineDatabase : IDisposable
{
    /// <summary>The database's name within the data folder.</summary>
    public const string FileName = "engine.db";

    private readonly EngineLock? _folderLock;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;

    private EngineDatabase(EngineLock? folderLock, SqliteConnection connection)
    {
        this._folderLock = folderLock;
        Connection = connection;
        _begin = new Statement(connection, "BEGIN IMMEDIATE");
        _commit = new Statement(connection, "COMMIT");
        _rollback = new Statement(connection, "ROLLBACK");
    }

    public SqliteConnection Connection { get; }

    /// <summary>Opens the database of a folder, or one in memory, and brings it up to date.</summary>
    /// <exception cref="DurableDataInUseException">Somebody else holds the folder.</exception>
    /// <exception cref="DurableDataVersionException">The data is newer, or another program's.</exception>
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

    /// <summary>Ends the transaction, if SQLite has not ended it itself, as it does on a full disk.</summary>
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

        // Exclusive before the first access: the write-ahead log's index then stays in memory, and nobody else can write.
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
