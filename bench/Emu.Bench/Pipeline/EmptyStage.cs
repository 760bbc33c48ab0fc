using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Bench.Pipeline;

/// <summary>A stage that does nothing: what is left of a job is the pipeline itself.</summary>
internal sealed class EmptyStage(string name) : IStage
{
    private const int Chunks = 4;

    public string Name => name;

    public ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken) => new("empty");

    public Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken) =>
        Task.FromResult(Name == StageNames.Interpolate ? StageOutcome.Done([], Chunks) : StageOutcome.Done([]));
}
