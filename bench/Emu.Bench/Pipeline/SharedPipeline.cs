using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Emu.Bench.Azurite;
using Emu.Durable.Abstractions;
using Emu.Durable.AzureStorage;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace Emu.Bench.Pipeline;

/// <summary>What the engine on Azure Storage costs, on Azurite: the same jobs as the embedded engine's, with one worker and with several.</summary>
internal static class SharedPipeline
{
    /// <summary>The name of the command that is one more worker.</summary>
    public const string WorkerName = "shared-pipeline-worker";

    private const int Latencies = 10;

    /// <summary>The hidden command that is one more worker.</summary>
    public static Command CreateWorker()
    {
        var storage = new Argument<string>("storage") { Description = "The connection string." };
        var hub = new Argument<string>("hub") { Description = "The task hub." };
        var command = new Command(WorkerName, "Used by the pipeline benchmark.") { storage, hub };
        command.Hidden = true;
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var engine = CreateEngine(result.GetRequiredValue(storage), result.GetRequiredValue(hub));
            await engine.StartAsync(cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        return command;
    }

    /// <summary>Measures and adds rows.</summary>
    public static async Task RunAsync(Table table, int jobs, int stages, int workers, CancellationToken cancellationToken)
    {
        await using var azurite = await AzuriteProcess.StartAsync(cancellationToken);
        const string Hub = "bench";
        await using var engine = CreateEngine(azurite.Connection, Hub);
        await engine.StartAsync(cancellationToken);
        var others = Enumerable.Range(1, workers - 1)
            .Select(_ => Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(SharedPipeline).Assembly.Location, WorkerName, azurite.Connection, Hub]))!)
            .ToArray();
        try
        {
            await MeasureAsync(table, engine, azurite, jobs, stages, workers, cancellationToken);
        }
        finally
        {
            foreach (var other in others)
            {
                other.Kill();
                await other.WaitForExitAsync(CancellationToken.None);
                other.Dispose();
            }
        }
    }

    private static async Task MeasureAsync(Table table, AzureStorageEngine engine, AzuriteProcess azurite, int jobs, int stages, int workers, CancellationToken cancellationToken)
    {
        await RunJobAsync(engine, "warm", stages, cancellationToken);
        var milliseconds = new double[Latencies];
        for (var job = 0; job < Latencies; job++)
        {
            var begun = Stopwatch.GetTimestamp();
            await RunJobAsync(engine, Id("one", job), stages, cancellationToken);
            milliseconds[job] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        var (start, processor) = (Stopwatch.GetTimestamp(), azurite.ProcessorTime);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, jobs),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (job, token) => await engine.StartIfAbsentAsync(EmptyJob.Name, Id("many", job), stages, token));
        for (var job = 0; job < jobs; job++)
        {
            await EndAsync(engine, Id("many", job), cancellationToken);
        }

        var took = Stopwatch.GetElapsedTime(start);
        var name = $"Azure Storage on Azurite, {workers} {(workers == 1 ? "worker" : "workers")}";
        table.AddRow(Markup.Escape($"overhead a job, median, {name}"), $"{milliseconds[Latencies / 2]:F0} ms", string.Empty);
        table.AddRow(Markup.Escape($"jobs a minute, {name}"), (jobs / took.TotalMinutes).ToString("N0", CultureInfo.InvariantCulture), workers > 1 ? "≥ 120" : string.Empty);
        table.AddRow(Markup.Escape($"Azurite's share of a processor, {name}"), $"{(azurite.ProcessorTime - processor) / took:P0}", string.Empty);
    }

    private static AzureStorageEngine CreateEngine(string storage, string hub)
    {
        var engine = new AzureStorageEngine(new AzureStorageEngineOptions { Storage = storage, TaskHub = hub }, NullLoggerFactory.Instance);
        foreach (var orchestration in EmptyJob.Orchestrations)
        {
            engine.AddOrchestration(orchestration);
        }

        foreach (var activity in EmptyJob.Activities)
        {
            engine.AddActivity(activity);
        }

        return engine;
    }

    private static async Task RunJobAsync(AzureStorageEngine engine, string id, int stages, CancellationToken cancellationToken)
    {
        await engine.StartIfAbsentAsync(EmptyJob.Name, id, stages, cancellationToken);
        await EndAsync(engine, id, cancellationToken);
    }

    private static async Task EndAsync(AzureStorageEngine engine, string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var status = await engine.GetStatusAsync(id, cancellationToken);
            switch (status?.RuntimeStatus)
            {
                case OrchestrationRuntimeStatus.Completed:
                    return;
                case OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated:
                    throw new InvalidOperationException($"{id} ended as {status.RuntimeStatus}: {status.Failure}");
                default:
                    await Task.Delay(20, cancellationToken);
                    break;
            }
        }
    }

    private static string Id(string prefix, int job) => string.Create(CultureInfo.InvariantCulture, $"{prefix}_{job:D6}");
}
