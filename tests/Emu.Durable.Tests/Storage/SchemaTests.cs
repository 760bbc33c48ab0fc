using Emu.Durable.Abstractions.Engines;
using Emu.Durable.Storage;
using Microsoft.Data.Sqlite;

namespace Emu.Durable.Tests.Storage;

public sealed class SchemaTests
{
    [Fact]
    public void Open_NewerVersion_IsRefusedAndReleasesTheLock()
    {
        using var folder = new TemporaryFolder();
        EngineDatabase.Open(folder.Path, powerLossDurability: false, [.. Schema.Steps, "CREATE TABLE future (a)"]).Dispose();
        var exception = Assert.Throws<DurableDataVersionException>(() => EngineDatabase.Open(folder.Path, powerLossDurability: false));
        Assert.Contains($"version {Schema.Steps.Count + 1}", exception.Message, StringComparison.Ordinal);

        // The refused start released the lock.
        EngineDatabase.Open(folder.Path, powerLossDurability: false, [.. Schema.Steps, "unused"]).Dispose();
    }

    [Fact]
    public async Task Open_OlderVersion_IsUpgradedWithItsData()
    {
        using var folder = new TemporaryFolder();
        await using (var engine = await EngineBuilder.Engine(folder).With<int, int>("echo", (_, input) => Task.FromResult(input)).StartedAsync())
        {
            await engine.RunAsync("echo", input: 5);
        }

        using (var database = EngineDatabase.Open(folder.Path, powerLossDurability: false, [.. Schema.Steps, "ALTER TABLE instances ADD COLUMN note TEXT NOT NULL DEFAULT 'kept'"]))
        {
            using var statement = new Statement(database.Connection, "SELECT output || note FROM instances");
            Assert.Equal("5kept", statement.Scalar());
        }
    }

    [Fact]
    public void Open_StepFails_KeepsTheOlderVersion()
    {
        using var folder = new TemporaryFolder();
        EngineDatabase.Open(folder.Path, powerLossDurability: false).Dispose();
        string[] steps = [.. Schema.Steps, "CREATE TABLE half (a)", "this is not SQL"];
        Assert.Throws<DurableStoreException>(() => EngineDatabase.Open(folder.Path, powerLossDurability: false, steps));
        using var database = EngineDatabase.Open(folder.Path, powerLossDurability: false);
        using var statement = new Statement(database.Connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'");
        Assert.Equal(0L, statement.Scalar());
    }

    [Fact]
    public void Open_AnotherProgramsDatabase_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, EngineDatabase.FileName)};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE other (a)";
            command.ExecuteNonQuery();
        }

        Assert.Throws<DurableDataVersionException>(() => EngineDatabase.Open(folder.Path, powerLossDurability: false));
    }

    [Fact]
    public async Task StartAsync_DamagedFile_ThrowsAndNamesTheFile()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, EngineDatabase.FileName), new string('x', 10_000), EngineBuilder.Token);
        await using var engine = EngineBuilder.Engine(folder);
        var exception = await Assert.ThrowsAsync<DurableStoreException>(() => engine.StartAsync(EngineBuilder.Token));
        Assert.Contains(EngineDatabase.FileName, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 1L)]
    [InlineData(true, 2L)]
    public void Open_PowerLossDurability_SetsSynchronous(bool durability, long synchronous)
    {
        using var folder = new TemporaryFolder();
        using var database = EngineDatabase.Open(folder.Path, durability);
        using var statement = new Statement(database.Connection, "PRAGMA synchronous");
        Assert.Equal(synchronous, statement.Scalar());
    }
}
