using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Emu.Durable.Tests.Crash;

public sealed class KilledProcessTests
{
    private const int Jobs = 1_000;
    private const int Kills = 10;
    private const int StagesOfAJob = 4;

    [Fact]
    public async Task Drain_KilledAgainAndAgain_LosesNothingAndDoublesNothing()
    {
        using var folder = new TemporaryFolder();
        var random = new Random();
        var killedAtWork = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var host = new CrashHostProcess(folder.Path, Jobs);
            await host.ExpectAsync("started");
            await Task.Delay(random.Next(10, 80), TestContext.Current.CancellationToken);
            killedAtWork += await host.KillAsync() ? 1 : 0;
        }

        using (var host = new CrashHostProcess(folder.Path, Jobs))
        {
            await host.ExpectAsync("drained");
        }

        Assert.True(killedAtWork >= Kills - 1, $"Only {killedAtWork} kills met the process at work.");
        AssertEveryJobOnce(folder.Path);
    }

    private static void AssertEveryJobOnce(string folder)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "engine.db")};Pooling=False");
        connection.Open();
        Assert.Equal(Jobs, Count(connection, "SELECT count(*) FROM instances WHERE orchestration = 'job' AND status = 2"));
        Assert.Equal(Jobs * (1 + StagesOfAJob), Count(connection, "SELECT count(*) FROM instances WHERE status = 2"));
        Assert.Equal(Jobs * (1 + StagesOfAJob), Count(connection, "SELECT count(*) FROM instances"));

        // No task has two answers, and no answer came without a question.
        Assert.Equal(0, Count(connection, "SELECT count(*) FROM (SELECT 1 FROM history WHERE kind IN (3, 4, 6, 8, 9) GROUP BY instance, task HAVING count(*) > 1)"));
        Assert.Equal(
            Count(connection, "SELECT count(*) FROM history WHERE kind IN (2, 5, 7)"),
            Count(connection, "SELECT count(*) FROM history WHERE kind IN (3, 4, 6, 8, 9)"));

        // Each job's result names exactly the attempts whose results lie in the folder.
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, output FROM instances WHERE orchestration = 'job' ORDER BY id";
        using var reader = command.ExecuteReader();
        var job = 0;
        while (reader.Read())
        {
            var id = reader.GetString(0);
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"job_{job++:D5}"), id);
            string[] stages = ["keyframe", "animate", "upsample.0", "upsample.1"];
            var attempts = stages.Select(stage => $"\"{File.ReadAllText(Path.Combine(folder, "results", $"{id}.{stage}.result"))}\"");
            Assert.Equal($"[{string.Join(",", attempts)}]", reader.GetString(1));
        }

        Assert.Equal(Jobs * StagesOfAJob, Directory.GetFiles(Path.Combine(folder, "results"), "*.result").Length);
    }

    private static int Count(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
