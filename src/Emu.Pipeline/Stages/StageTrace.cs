using System.Diagnostics;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Telemetry;

namespace Emu.Pipeline.Stages;

/// <summary>A slice's span, in its job's trace, and its measurements.</summary>
internal sealed class StageTrace(StageCall call, string stage, string kind, int attempt) : IDisposable
{
    private Activity? _span;
    private string? _model;

    /// <summary>The stage's name, with its chunk.</summary>
    public string Stage => stage;

    public void Begin(JobRecord job)
    {
        _model = job.Request.Model;
        ActivityContext.TryParse(job.TraceParent, null, isRemote: true, out var parent);
        _span = PipelineTelemetry.Source.StartActivity($"stage {stage}", ActivityKind.Internal, parent);
        _span?.SetTag("emu.job.id", job.Id)
            .SetTag("emu.stage", stage)
            .SetTag("emu.stage.unit", call.Unit)
            .SetTag("emu.attempt", attempt)
            .SetTag("gen_ai.request.model", _model);
    }

    public void Adopted()
    {
        _span?.SetTag("emu.stage.adopted", true);
        PipelineTelemetry.StagesAdopted.Add(1, new KeyValuePair<string, object?>("emu.stage", kind));
    }

    public void Succeeded(TimeSpan elapsed) => Measure(elapsed, null);

    public void Failed(ActivityFailure failure, TimeSpan elapsed)
    {
        _span?.SetStatus(ActivityStatusCode.Error, failure.Message).SetTag("error.type", failure.Code);
        Measure(elapsed, failure.Code);
    }

    public void Dispose() => _span?.Dispose();

    private void Measure(TimeSpan elapsed, string? error)
    {
        var tags = new TagList { { "emu.stage", kind } };
        if (_model is not null)
        {
            tags.Add("gen_ai.request.model", _model);
        }

        if (error is not null)
        {
            tags.Add("error.type", error);
        }

        PipelineTelemetry.StageDuration.Record(elapsed.TotalSeconds, tags);
    }
}
