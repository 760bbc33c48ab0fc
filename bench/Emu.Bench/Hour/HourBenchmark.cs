using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Emu.Bench.Hour;

/// <summary>An hour of Azure, simulated: how many replicas so many videos take, how long they wait, and what they cost.</summary>
internal static class HourBenchmark
{
    private static readonly HourSettings Defaults = new();

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var videos = Number("--videos", "Videos that are asked for, at random times.", Defaults.Videos);
        var hours = Number("--hours", "How long they are asked for, hours.", Defaults.Hours);
        var step = Number("--step", "Seconds of one of the clip's steps; a keyframe's takes a tenth of it.", Defaults.Animate.Seconds);
        var steps = Number("--steps", "The clip's steps, and the keyframe's.", Defaults.Animate.Steps);
        var chunk = Number("--chunk", "Seconds of a chunk's upsampling.", Defaults.Upsample.Seconds);
        var replicas = Number("--replicas", "The most GPU replicas.", Defaults.MaximumReplicas);
        var coldStart = Number("--cold-start", "Seconds until a new replica takes work.", Defaults.ColdStart);
        var load = Number("--model-load", "Seconds that a replica loads its model.", Defaults.ModelLoad);
        var losses = Number("--losses", "How often a replica is lost, times an hour.", Defaults.LossesPerHour);
        var failures = Number("--failures", "The share of activities that fail by chance.", Defaults.FailureRate);
        var budget = Number("--time-budget", "Seconds that a stage works before it leaves a checkpoint.", Defaults.TimeBudget);
        var price = Number("--price", "What a replica costs, an hour.", Defaults.ReplicaPrice);
        var seed = Number("--seed", "Makes the same hour again.", Defaults.Seed);
        var command = new Command("hour", "Simulates an hour of videos on Azure with the pipeline's own orchestrations: replicas, waiting, retries, requests, cost. Nothing is measured: every time is an assumption that an option sets.")
        {
            videos, hours, step, steps, chunk, replicas, coldStart, load, losses, failures, budget, price, seed,
        };
        command.SetAction(parsed =>
        {
            double Value(Option<double> option) => parsed.GetValue(option);
            var settings = Defaults with
            {
                Videos = (int)Value(videos),
                Hours = Value(hours),
                Keyframe = new StageCost((int)Value(steps), Value(step) / 10),
                Animate = new StageCost((int)Value(steps), Value(step)),
                Upsample = new StageCost(1, Value(chunk)),
                MaximumReplicas = (int)Value(replicas),
                ColdStart = Value(coldStart),
                ModelLoad = Value(load),
                LossesPerHour = Value(losses),
                FailureRate = Value(failures),
                TimeBudget = Value(budget),
                ReplicaPrice = Value(price),
                Seed = (int)Value(seed),
            };
            Print(settings, Simulation.Run(settings));
        });
        return command;
    }

    private static Option<double> Number(string name, string description, double byDefault) => new(name) { Description = description, DefaultValueFactory = _ => byDefault };

    private static void Print(HourSettings settings, HourReport report)
    {
        var videos = (double)settings.Videos;
        var cost = report.ReplicaSeconds / 3600 * settings.ReplicaPrice;
        var table = new Table().AddColumns("simulated", "value");
        void Row(string name, FormattableString value) => table.AddRow(name, Markup.Escape(value.ToString(CultureInfo.InvariantCulture)));
        Row("videos; failed", $"{settings.Videos}; {report.Failed}");
        Row("until the last one ended, min", $"{report.End / 60:0.0}");
        Row("a video: median, 95th, 99th percentile, s", $"{report.Latency(0.5):0}, {report.Latency(0.95):0}, {report.Latency(0.99):0}");
        Row("an activity's wait for a GPU, mean, s", $"{report.Waited / report.Activities:0.0}");
        Row("GPU replicas: most at once, started, lost", $"{report.MostReplicas}, {report.Replicas}, {report.Losses}");
        Row("of the replicas' time, working", $"{report.BusySeconds / report.ReplicaSeconds:P0}");
        Row("GPU seconds a video: working, paid", $"{report.BusySeconds / videos:0.0}, {report.ReplicaSeconds / videos:0.0}");
        Row("activities a video; attempts again in all; slices a video", $"{report.Activities / videos:0.0}; {report.Retries}; {report.Slices / videos:0.0}");
        Row("durable actions a video; a second", $"{report.Actions / videos:0.0}; {report.Actions / report.End:0}");
        Row("storage requests a video: reads, writes", $"{report.StorageReads / videos:0}, {report.StorageWrites / videos:0}");
        Row("longest queue for a GPU", $"{report.LongestQueue}");
        Row("GPU cost: in all, a video", $"{cost:0.00}, {cost / videos:0.0000}");
        AnsiConsole.Write(table);
    }
}
