using System.Globalization;
using Emu.Durable;
using Emu.Durable.CrashHost;
using Microsoft.Extensions.Logging.Abstractions;

// A process to be killed by a test: starts the given number of jobs in a folder unless they exist, and runs until all have ended.
// It writes "started" when the engine runs, "queued" when all jobs are stored, and "drained" at the end.
var (folder, jobs) = (args[0], int.Parse(args[1], CultureInfo.InvariantCulture));
await using var engine = new DurableEngine(new DurableEngineOptions { DataFolder = folder, DefaultGroupConcurrency = 4 }, NullLogger<DurableEngine>.Instance);
engine
    .AddOrchestration(new Job())
    .AddOrchestration(new Stage())
    .AddActivity(new Record(Path.Combine(folder, "results")));
await engine.StartAsync(CancellationToken.None);
Console.WriteLine("started");
await Task.WhenAll(Enumerable.Range(0, jobs).Select(job => engine.StartIfAbsentAsync("job", Job.Id(job), job, CancellationToken.None)));
Console.WriteLine("queued");
await engine.DrainAsync(CancellationToken.None);
Console.WriteLine("drained");
