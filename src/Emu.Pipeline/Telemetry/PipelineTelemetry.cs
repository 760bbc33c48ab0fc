using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Emu.Pipeline.Telemetry;

/// <summary>
/// The pipeline's traces and metrics, under the name <see cref="Name"/> for both. One trace a job; a
/// span for each stage and slice. Attributes follow the semantic conventions where there are some (<c>error.type</c>,
/// <c>gen_ai.request.model</c>); durations are seconds.
/// </summary>
public static class PipelineTelemetry
{
    /// <summary>The activity source's and the meter's name.</summary>
    public const string Name = "Emu.Pipeline";

    /// <summary>The spans' source.</summary>
    public static ActivitySource Source { get; } = new(Name);

    private static readonly Meter Meter = new(Name);

    internal static readonly Counter<long> JobsCreated = Meter.CreateCounter<long>("emu.jobs.created", "{job}", "Jobs accepted.");

    internal static readonly Counter<long> JobsEnded = Meter.CreateCounter<long>("emu.jobs.ended", "{job}", "Jobs ended, by kind and error.");

    internal static readonly Histogram<double> JobDuration = Meter.CreateHistogram(
        "emu.job.duration", "s", "From a job's acceptance to its end.", advice: Seconds(0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600));

    internal static readonly Histogram<double> StageDuration = Meter.CreateHistogram(
        "emu.stage.slice.duration", "s", "One call of a stage's activity.", advice: Seconds(0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120));

    internal static readonly Counter<long> StagesAdopted = Meter.CreateCounter<long>("emu.stages.adopted", "{stage}", "Attempts that found their stage done already.");

    private static InstrumentAdvice<double> Seconds(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
