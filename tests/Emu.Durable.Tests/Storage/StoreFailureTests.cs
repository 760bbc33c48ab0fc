using Emu.Durable.Abstractions;
using Emu.Durable.Engine;
using Emu.Durable.Storage;
using Microsoft.Data.Sqlite;

namespace Emu.Durable.Tests.Storage;

public sealed class StoreFailureTests
{
    [Fact]
    public async Task Commit_FullDatabase_RefusesCallersAndLosesNothing()
    {
        using var folder = new TemporaryFolder();
        SqliteConnection connection = null!;
        using var release = new SemaphoreSlim(0);
        var hooks = new EngineHooks { Opened = opened => connection = opened };
        await using var engine = await EngineBuilder.Engine(new DurableEngineOptions { DataFolder = folder.Path }, hooks)
            .With<string, int>("job", async (context, _) => await context.CallActivityAsync<int>("work", null) + (await context.CallActivityAsync<string>("big", null)).Length)
            .WithActivity<object?, int>("work", async (_, _, token) =>
            {
                await release.WaitAsync(token);
                return 1;
            })
            .WithActivity<object?, string>("big", _ => new string('b', 100_000))
            .StartedAsync();
        Assert.True(await engine.StartIfAbsentAsync("job", "kept", "small", EngineBuilder.Token));

        // A database that may not grow is what a full disk looks like.
        Pragma(connection, "max_page_count = 1");
        await Assert.ThrowsAsync<DurableStoreException>(() => engine.StartIfAbsentAsync("job", "refused", new string('a', 500_000), EngineBuilder.Token));
        release.Release(10);
        await Task.Delay(300, EngineBuilder.Token);
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
}
