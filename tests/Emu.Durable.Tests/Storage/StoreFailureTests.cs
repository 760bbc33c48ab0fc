using Emu.Durable.Abstractions;
using Emu.Durable.Engine;
using Emu.Durable.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Tests.Storage;

public sealed class StoreFailureTests
{
    [Fact]
    public async Task Commit_FullDatabase_FailsCallersAndLosesNoResult()
    {
        using var folder = new TemporaryFolder();
        SqliteConnection connection = null!;
        using var release = new SemaphoreSlim(0);
        var log = new CommitFailures();
        var hooks = new EngineHooks { Opened = opened => connection = opened };
        await using var engine = await EngineBuilder.Engine(new DurableEngineOptions { DataFolder = folder.Path }, hooks, log)
            .With<string, int>("job", async (context, _) => await context.CallActivityAsync<int>("work", null) + (await context.CallActivityAsync<string>("big", null)).Length)
            .WithActivity<object?, int>("work", async (_, _, token) =>
            {
                await release.WaitAsync(token);
                return 1;
            })
            .WithActivity<object?, string>("big", _ => new string('b', 100_000))
            .StartedAsync();
        Assert.True(await engine.StartIfAbsentAsync("job", "kept", "small", EngineBuilder.Token));

        // A database that may not grow fails as a full disk does.
        Pragma(connection, "max_page_count = 1");
        await Assert.ThrowsAsync<DurableStoreException>(() => engine.StartIfAbsentAsync("job", "refused", new string('a', 500_000), EngineBuilder.Token));
        release.Release(10);

        // The first failure is the refused call, the second an activity's result.
        await EngineBuilder.UntilAsync(() => Task.FromResult(log.Count >= 2));
        Assert.Null(await engine.GetStatusAsync("refused", EngineBuilder.Token));

        Pragma(connection, "max_page_count = 1000000");
        var status = await engine.WaitForEndAsync("kept", EngineBuilder.Token);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, status!.RuntimeStatus);
        Assert.Equal(100_001, status.Output!.Value.GetInt32());
        Assert.True(await engine.StartIfAbsentAsync("job", "refused", "now it fits", EngineBuilder.Token));
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await engine.WaitForEndAsync("refused", EngineBuilder.Token))!.RuntimeStatus);
    }

    [Fact]
    public async Task Delete_PurgedInstances_LeavesNoRows()
    {
        using var folder = new TemporaryFolder();
        await using (var engine = await EngineBuilder.Engine(folder)
            .With<int, int>("parent", (context, input) => context.CallChildAsync<int>("child", $"{context.InstanceId}.child", input))
            .With<int, int>("child", (_, input) => Task.FromResult(input))
            .StartedAsync())
        {
            for (var index = 0; index < 20; index++)
            {
                await engine.RunAsync("parent", $"job{index}", index);
                Assert.True(await engine.PurgeAsync($"job{index}", EngineBuilder.Token));
            }
        }

        using var database = EngineDatabase.Open(folder.Path, powerLossDurability: false);
        using var rows = new Statement(database.Connection, "SELECT (SELECT count(*) FROM history) + (SELECT count(*) FROM instances)");
        Assert.Equal(0L, rows.Scalar());
    }

    private static void Pragma(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA " + pragma;
        command.ExecuteNonQuery();
    }

    /// <summary>Counts the failed commits that the engine logs.</summary>
    private sealed class CommitFailures : ILogger<DurableEngine>
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == nameof(Logs.CommitFailed))
            {
                Interlocked.Increment(ref _count);
            }
        }
    }
}
