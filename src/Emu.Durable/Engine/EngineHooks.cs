using Microsoft.Data.Sqlite;

namespace Emu.Durable.Engine;

/// <summary>Where tests interfere with the engine.</summary>
internal sealed record EngineHooks
{
    /// <summary>The engine ends, as if its process had died, right after so many transactions that changed an instance.</summary>
    public int? DieAfterCommits { get; init; }

    /// <summary>Sees the open database, on the engine's thread.</summary>
    public Action<SqliteConnection>? Opened { get; init; }
}
