using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Emu.Durable;
using Emu.Durable.Abstractions;
using Spectre.Console;

namespace Emu.Bench.Pipeline;

/// <summary>What the durable engine costs: jobs with empty stages, alone and in a crowd, and the memory that many of them leave behind.</summary>
internal static class PipelineBenchmark
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var jobs = new Option<int>("--jobs") { Description = "Jobs of each measurement.", DefaultValueFactory = _ => 1_000 };
        var memoryJobs = new Option<int>("--memory-jobs") { Description = "Jobs of the memory measurement.", DefaultValueFactory = _ => 10_000 };
        var stages = new Option<int>("--stages") { Description = "Empty stages of a job; each is a child orchestration with an activity.", DefaultValueFactory = _ => 5 };
        var kills = new Option<int>("--kills") { Description = "How often the process is killed (kill -9) while it works.", DefaultValueFactory = _ => 5 };
        var shared = new Option<string>("--engine") { HelpName = "embedded|azure-storage", Description = "azure-storage: measure that engine too, on Azurite.", DefaultValueFactory = _ => "embedded" };
        shared.AcceptOnlyFromAmong("embedded", "azure-storage");
        var sharedJobs = new Option<int>("--shared-jobs") { Description = "Jobs of each measurement on Azure Storage.", DefaultValueFactory = _ => 100 };
        var workers = new Option<int[]>("--workers") { Description = "How many processes work on Azure Storage, for each measurement.", DefaultValueFactory = _ => [1, 3], AllowMultipleArgumentsPerToken = true };
        var command = new Command("pipeline", "The durable engine's overhead a job, jobs a minute, and memory.") { jobs, memoryJobs, stages, kills, shared, sharedJobs, workers };
        command.SetAction(async (result, cancellationToken) =>
        {
            var (count, width) = (result.GetValue(jobs), result.GetValue(stages));
            var table = new Table().AddColumns("measurement", "value", "target");
            await OverheadAsync(table, Math.Min(count, 300), width, powerLoss: false, cancellationToken);
            await ThroughputAsync(table, count, width, powerLoss: false, cancellationToken);
            await ThroughputAsync(table, count, width, powerLoss: true, cancellationToken);
            await OverheadAsync(table, Math.Min(count, 100), width, powerLoss: true, cancellationToken);
            await StoredAsync(table, count, cancellationToken);
            await KilledAsync(table, count, width, result.GetValue(kills), cancellationToken);
            await MemoryAsync(table, result.GetValue(memoryJobs), width, cancellationToken);
            foreach (var processes in result.GetValue(shared) == "embedded" ? [] : result.GetValue(workers)!)
            {
                await SharedPipeline.RunAsync(table, result.GetValue(sharedJobs), width, processes, cancellationToken);
            }

            AnsiConsole.Write(table);
        });
        return command;
    }

    /// <summary>One job after the other: from the start's request to the end's notice.</summary>
    private static async Task OverheadAsync(Table table, int jobs, int stages, bool powerLoss, CancellationToken cancellationToken)
    {
        using var folder = new BenchFolder();
        await using var engine = EmptyJob.CreateEngine(folder.Path, powerLoss);
        await engine.StartAsync(cancellationToken);
        await RunJobAsync(engine, "warm", stages, cancellationToken);
        var milliseconds = new double[jobs];
        for (var job = 0; job < jobs; job++)
        {
            var start = Stopwatch.GetTimestamp();
            await RunJobAsync(engine, Id("one", job), stages, cancellationToken);
            milliseconds[job] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        Add(table, $"overhead a job, median{Mode(powerLoss)}", $"{milliseconds[jobs / 2]:F2} ms", powerLoss ? "" : "≤ 20 ms");
        Add(table, $"overhead a job, 99 of 100{Mode(powerLoss)}", $"{milliseconds[jobs * 99 / 100]:F2} ms", "");
    }

    /// <summary>All jobs at once.</summary>
    private static async Task ThroughputAsync(Table table, int jobs, int stages, bool powerLoss, CancellationToken cancellationToken)
    {
        using var folder = new BenchFolder();
        await using var engine = EmptyJob.CreateEngine(folder.Path, powerLoss);
        await engine.StartAsync(cancellationToken);
        await RunJobAsync(engine, "warm", stages, cancellationToken);
        var start = Stopwatch.GetTimestamp();
        await QueueAsync(engine, "many", jobs, stages, cancellationToken);
        await engine.DrainAsync(cancellationToken);
        Add(table, $"jobs a minute{Mode(powerLoss)}", PerMinute(jobs, start), powerLoss ? "" : "≥ 3,000");
    }

    /// <summary>Whole video jobs over a folder store, with empty stages.</summary>
    private static async Task StoredAsync(Table table, int jobs, CancellationToken cancellationToken)
    {
        await using var stored = await StoredJobs.StartAsync(cancellationToken);
        var milliseconds = new double[Math.Min(jobs, 100)];
        for (var job = 0; job < milliseconds.Length; job++)
        {
            milliseconds[job] = await stored.RunAsync(cancellationToken);
        }

        Array.Sort(milliseconds);
        Add(table, "overhead a video job with its store, median", $"{milliseconds[milliseconds.Length / 2]:F2} ms", "≤ 20 ms");
        var start = Stopwatch.GetTimestamp();
        await stored.RunManyAsync(jobs, cancellationToken);
        Add(table, "video jobs a minute with their store", PerMinute(jobs, start), "≥ 3,000");
    }

    /// <summary>The engine's jobs in another process, which is killed again and again and started again; its starts count.</summary>
    private static async Task KilledAsync(Table table, int jobs, int stages, int kills, CancellationToken cancellationToken)
    {
        using var folder = new BenchFolder();
        await using (var engine = EmptyJob.CreateEngine(folder.Path))
        {
            await engine.StartAsync(cancellationToken);
            await QueueAsync(engine, "killed", jobs, stages, cancellationToken);
        }

        var random = new Random(1);
        var start = Stopwatch.GetTimestamp();
        for (var kill = 0; ; kill++)
        {
            using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(PipelineWorker).Assembly.Location, PipelineWorker.Name, folder.Path]))!;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (kill < kills)
            {
                patience.CancelAfter(200 + random.Next(200));
            }

            try
            {
                await process.WaitForExitAsync(patience.Token);
                Add(table, $"jobs a minute through {kill} kill -9, restarts included", PerMinute(jobs, start), "≥ 3,000");
                break;
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        await using var checkedEngine = EmptyJob.CreateEngine(folder.Path);
        await checkedEngine.StartAsync(cancellationToken);
        for (var job = 0; job < jobs; job++)
        {
            var status = await checkedEngine.GetStatusAsync(Id("killed", job), cancellationToken);
            if (status?.RuntimeStatus != OrchestrationRuntimeStatus.Completed)
            {
                throw new InvalidOperationException($"Job {job} was lost: {status}");
            }
        }
    }

    /// <summary>What stays in memory after each tenth of many jobs.</summary>
    private static async Task MemoryAsync(Table table, int jobs, int stages, CancellationToken cancellationToken)
    {
        using var folder = new BenchFolder();
        await using var engine = EmptyJob.CreateEngine(folder.Path);
        await engine.StartAsync(cancellationToken);
        var heap = new List<string>();
        for (var tenth = 0; tenth < 10; tenth++)
        {
            await QueueAsync(engine, $"memory{tenth}", jobs / 10, stages, cancellationToken);
            await engine.DrainAsync(cancellationToken);
            heap.Add((GC.GetTotalMemory(forceFullCollection: true) / 1e6).ToString("F1", CultureInfo.InvariantCulture));
        }

        using var self = Process.GetCurrentProcess();
        Add(table, $"managed memory after each tenth of {jobs:N0} jobs", $"{string.Join(" ", heap)} MB", "flat");
        Add(table, "process memory at the end", $"{self.WorkingSet64 / 1e6:F0} MB", "");
    }

    private static async Task RunJobAsync(DurableEngine engine, string id, int stages, CancellationToken cancellationToken)
    {
        await engine.StartIfAbsentAsync(EmptyJob.Name, id, stages, cancellationToken);
        await engine.WaitForEndAsync(id, cancellationToken);
    }

    private static async Task QueueAsync(DurableEngine engine, string prefix, int jobs, int stages, CancellationToken cancellationToken) =>
        await Task.WhenAll(Enumerable.Range(0, jobs).Select(job => engine.StartIfAbsentAsync(EmptyJob.Name, Id(prefix, job), stages, cancellationToken)));

    private static string Id(string prefix, int job) => string.Create(CultureInfo.InvariantCulture, $"{prefix}_{job:D6}");

    private static string Mode(bool powerLoss) => powerLoss ? ", power-loss durability" : "";

    private static string PerMinute(int jobs, long start) =>
        (jobs / Stopwatch.GetElapsedTime(start).TotalMinutes).ToString("N0", CultureInfo.InvariantCulture);

    private static void Add(Table table, string measurement, string value, string target) =>
        table.AddRow(Markup.Escape(measurement), Markup.Escape(value), Markup.Escape(target));
}
