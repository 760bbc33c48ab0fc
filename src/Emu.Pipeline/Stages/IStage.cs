using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Stages;

/// <summary>
/// A stage's body: what it does, without how it is called. <see cref="StageActivity"/> wraps it with the time budget,
/// cancellation, progress, the manifest and telemetry.
/// </summary>
public interface IStage
{
    /// <summary>The stage's name, one of <see cref="StageNames"/>.</summary>
    string Name { get; }

    /// <summary>
    /// What else decides the result, besides the request and the files read: the model package's hash, this code's version.
    /// Goes into the input hash.
    /// </summary>
    ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken);

    /// <summary>Does the stage, or as much of it as the time budget allows and at least one unit.</summary>
    /// <remarks>The token is cancelled when the job is, and when the host stops: pass it into every long call.</remarks>
    /// <exception cref="Emu.Durable.Abstractions.ActivityFailedException">The failure to hand to the orchestration, with whether another attempt may help.</exception>
    Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken);
}
