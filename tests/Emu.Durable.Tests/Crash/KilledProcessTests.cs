using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Emu.Durable.Tests.Crash;

public sealed class KilledProcessTests
{
    private const int Jobs = 1_000;
    private const int Kills = 10;
    private const int StagesOfAJob = 4;

    [Fact]
    public async Task Drain_KilledRepeatedly_CompletesEveryJobExactlyOnce()
    {
        using var folder = new TemporaryFolder();
        var random = new Random();
        var killedWhileWorking = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var host = new CrashHostProcess(folder.Path, Jobs);
            await host.ExpectAsync("started");
            await Task.Delay(random.Next(10, 80), TestContext.Current.CancellationToken);
            killedWhileWorking += await host.KillAsync() ? 1 : 0;
        }

        using (var host = new CrashHostProcess(folder.Path, Jobs))
        {
            await host.ExpectAsync("drained");
        }

        Assert.True(killedWhileWorking >= Kills - 1, $"Only {killedWhileWorking} kills hit the process while it was working.");
        AssertEveryJobOnce(folder.Path);
    }

    private static void AssertEveryJobOnce(string folder)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "engine.db")};Pooling=False");
        connection.Open();
        Assert.Equal(Jobs, Count(connection, "SELECT count(*) FROM instances WHERE orchestration = 'job' AND status = 2"));
        Assert.Equal(Jobs * (1 + StagesOfAJob), Count(connection, "SELECT count(*) FROM instances WHERE status = 2"));
        Assert.Equal(Jobs * (1 + StagesOfAJob), Count(connection, "SELECT count(*) FROM instances"));

        // Every scheduled task has exactly one result.
        Assert.Equal(0, Count(connection, "SELECT count(*) FROM (SELECT 1 FROM history WHERE kind IN (3, 4, 6, 8, 9) GROUP BY instance, task HAVING count(*) > 1)"));
        Assert.Equal(
            Count(connection, "SELECT count(*) FROM history WHERE kind IN (2, 5, 7)"),
            Count(connection, "SELECT count(*) FROM history WHERE kind IN (3, 4, 6, 8, 9)"));

        // Each job's result names exactly the attempts whose results are in the folder.
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

/// <summary>A process that works on the jobs of a folder until it is killed.</summary>
internal sealed class CrashHostProcess : IDisposable
{
    private readonly Process _process;

    public CrashHostProcess(string folder, int jobs)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Emu.Durable.CrashHost.dll"), folder, jobs.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
    }

    /// <summary>Waits for a line.</summary>
    public async Task ExpectAsync(string line)
    {
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } read)
        {
            if (read == line)
            {
                return;
            }
        }

        Assert.Fail($"The process ended before it wrote '{line}': {await _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
    }

    /// <summary>Kills it (SIGKILL), so that it cannot clean up.</summary>
    /// <returns>Whether it was still working.</returns>
    public async Task<bool> KillAsync()
    {
        var wasWorking = !_process.HasExited;
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return wasWorking && !(await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Contains("drained", StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
