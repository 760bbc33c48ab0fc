using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;
using Emu.Pipeline.Stages;

namespace Emu.Bench.Api;

/// <summary>A stage that waits until the server stops: jobs are taken and queued as always, and no model takes the processor from the server.</summary>
internal sealed class ParkedStage : IStage
{
    /// <summary>What the jobs ask for.</summary>
    public static ModelCapabilities Capabilities { get; } = new()
    {
        Name = "parked",
        IsDefault = true,
        Kinds = [JobKind.Video],
        Sizes = [new FrameSize(512, 512)],
        Seconds = [4],
        FrameRate = 16,
        Steps = new NumberRange(1, 100, 25),
        VideoFormats = ["mp4"],
    };

    /// <inheritdoc/>
    public string Name => StageNames.Keyframe;

    /// <inheritdoc/>
    public ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken) => new("parked");

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return StageOutcome.Done([]);
    }
}
