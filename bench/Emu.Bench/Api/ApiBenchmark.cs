using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Emu.Local.Hosting;
using Spectre.Console;

namespace Emu.Bench.Api;

/// <summary>What the HTTP API does with many stored jobs: retrieve, list and create, sent by wrk to a server in a process of its own.</summary>
internal static class ApiBenchmark
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var jobs = new Option<int>("--jobs") { Description = "Stored jobs.", DefaultValueFactory = _ => 100_000 };
        var seconds = new Option<int>("--seconds") { Description = "Seconds of each measurement.", DefaultValueFactory = _ => 10 };
        var command = new Command("api", "Requests a second for retrieve, list and create, and memory, with many stored jobs. Needs wrk.") { jobs, seconds };
        command.SetAction((result, cancellationToken) => RunAsync(result.GetValue(jobs), result.GetValue(seconds), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int jobs, int seconds, CancellationToken cancellationToken)
    {
        if (!await Wrk.IsInstalledAsync(cancellationToken))
        {
            await Console.Error.WriteLineAsync(Wrk.Installation);
            return 1;
        }

        using var folder = new BenchFolder();
        var table = new Table().AddColumns("measurement", "value", "target");
        await Console.Error.WriteLineAsync($"writing {jobs} jobs …");
        var ids = StoredJobs.Write(new DataFolder(folder.Path), jobs, cancellationToken);
        var clock = Stopwatch.StartNew();
        using var server = Start(folder.Path);
        var url = await server.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The server did not start.");
        Add(table, $"start with {jobs} jobs", $"{clock.Elapsed.TotalSeconds:F1} s", "");
        Add(table, "memory after start", Memory(server), "");
        await new Load(table, server, url, seconds).RunAsync(Scripts.Write(folder.Path, ids), cancellationToken);
        Add(table, "memory after all that", Memory(server), "");
        server.StandardInput.Close();
        await server.WaitForExitAsync(cancellationToken);
        AnsiConsole.Write(table);
        return 0;
    }

    private static Process Start(string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ApiBenchmark).Assembly.Location);
        }

        start.ArgumentList.Add(ApiServer.Name);
        start.ArgumentList.Add(folder);
        return Process.Start(start)!;
    }

    private static string Memory(Process server)
    {
        server.Refresh();
        return string.Create(CultureInfo.InvariantCulture, $"{server.WorkingSet64 / 1e6:F0} MB, at most {server.PeakWorkingSet64 / 1e6:F0} MB");
    }

    internal static void Add(Table table, string name, string value, string target)
    {
        table.AddRow(name, value, target);
        Console.Error.WriteLine($"{name}: {value}");
    }
}
