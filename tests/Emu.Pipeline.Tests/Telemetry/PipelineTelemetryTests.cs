using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Telemetry;

namespace Emu.Pipeline.Tests.Telemetry;

public sealed class PipelineTelemetryTests
{
    [Fact]
    public async Task Job_FromCreationToEnd_IsOneTraceWithASpanForEachSlice()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var animate = new TestStage(StageNames.Animate, async (run, token) => run.Unit < 2
            ? StageOutcome.Continue(run.Unit + 1, await TestStage.WriteAsync(run, "c", "x", token))
            : await TestStage.WriteOutputAsync(run, token));
        await using var pipeline = await TestPipeline.StartAsync(animate);

        var id = (await pipeline.Jobs.CreateAsync("local", TestModels.Video(), null, null, TestContext.Current.CancellationToken)).Job.Record.Id;
        await pipeline.WaitAsync(id);
        await pipeline.Engine.WaitForEndAsync(id, TestContext.Current.CancellationToken);

        var own = spans.Where(span => (string?)span.GetTagItem("emu.job.id") == id).ToList();
        Assert.Single(own.Select(span => span.TraceId).Distinct());
        Assert.Equal(
            ["create job", "job", "stage animate", "stage animate", "stage animate", "stage encode", "stage interpolate", "stage keyframe", "stage upsample.0", "stage upsample.1", "stage upsample.2"],
            own.Select(span => span.OperationName).Order(StringComparer.Ordinal));
        Assert.Equal([0, 1, 2], own.Where(span => span.OperationName == "stage animate").Select(span => (int)span.GetTagItem("emu.stage.unit")!).Order());
    }

    [Fact]
    public async Task Job_Ended_IsCountedWithItsError()
    {
        var counted = new ConcurrentQueue<(string Instrument, string? Error)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == PipelineTelemetry.Name)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => counted.Enqueue((instrument.Name, Error(tags))));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => counted.Enqueue((instrument.Name, Error(tags))));
        listener.Start();
        var keyframe = new TestStage(StageNames.Keyframe, (_, _) => throw new Emu.Durable.Abstractions.ActivityFailedException(new("telemetry_test", "no", false)));
        await using var pipeline = await TestPipeline.StartAsync(keyframe);

        var id = (await pipeline.Jobs.CreateAsync("local", TestModels.Video(), null, null, TestContext.Current.CancellationToken)).Job.Record.Id;
        await pipeline.WaitAsync(id);
        await pipeline.Engine.WaitForEndAsync(id, TestContext.Current.CancellationToken);

        Assert.Contains(("emu.jobs.created", null), counted);
        Assert.Equal(
            ["emu.job.duration", "emu.jobs.ended", "emu.stage.slice.duration"],
            counted.Where(measurement => measurement.Error == "telemetry_test").Select(measurement => measurement.Instrument).Order(StringComparer.Ordinal));
    }

    private static string? Error(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == "error.type")
            {
                return (string?)tag.Value;
            }
        }

        return null;
    }
}
