using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Stages;

/// <summary>
/// The work of a stage. <see cref="StageActivity"/> wraps it as an activity with a time budget, cancellation, progress, the
/// manifest and telemetry.
/// </summary>
public interface IStage
{
    /// <summary>The stage's name, one of <see cref="StageNames"/>.</summary>
    string Name { get; }

    /// <summary>
    /// What determines the result besides the request and the files read: the model package's hash, the code's version.
    /// Part of the input hash.
    /// </summary>
    ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken);

    /// <summary>Runs the stage, or as much of it as the time budget allows, at least one unit.</summary>
    /// <remarks>The token is cancelled when the job is, and when the host stops: pass it into every long call.</remarks>
    /// <exception cref="Emu.Durable.Abstractions.ActivityFailedException">The failure for the orchestration, which says whether another attempt may help.</exception>
    Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken);
}

/// <summary>The result of a stage's run: done, or to be called again.</summary>
public sealed record StageOutcome
{
    private StageOutcome()
    {
    }

    /// <summary>The files the stage wrote, if it is done; else null.</summary>
    public IReadOnlyList<StageFile>? Files { get; private init; }

    /// <summary>Into how many chunks the next stage is split, if it is.</summary>
    public int? Chunks { get; private init; }

    /// <summary>The next slice's first unit, if the stage is not done.</summary>
    public int Unit { get; private init; }

    /// <summary>This slice's checkpoint, if the stage is not done.</summary>
    public StageFile? Checkpoint { get; private init; }

    /// <summary>The stage is done.</summary>
    /// <param name="files">Its files, written with <see cref="StageRun.WriteAsync"/>.</param>
    /// <param name="chunks">Into how many chunks the next stage is split, if it is; at least 1.</param>
    public static StageOutcome Done(IReadOnlyList<StageFile> files, int? chunks = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (chunks is { } count)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(chunks));
        }

        return new StageOutcome { Files = files, Chunks = chunks };
    }

    /// <summary>The time budget is spent: call again.</summary>
    /// <param name="unit">The first unit that is not done; above the one this slice began with.</param>
    /// <param name="checkpoint">The state to continue from, written with <see cref="StageRun.WriteAsync"/>.</param>
    public static StageOutcome Continue(int unit, StageFile checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentOutOfRangeException.ThrowIfLessThan(unit, 1);
        return new StageOutcome { Unit = unit, Checkpoint = checkpoint };
    }
}

/// <summary>How long an activity may work before it leaves a checkpoint; counted from <see cref="Start"/>, once the model is loaded.</summary>
public sealed class TimeBudget(TimeSpan length, TimeProvider time, CancellationToken stopping = default)
{
    private long _started;

    /// <summary>The budget.</summary>
    public TimeSpan Length { get; } = length > TimeSpan.Zero
        ? length
        : throw new ArgumentOutOfRangeException(nameof(length), length, "A time budget must be above zero.");

    /// <summary>Whether it is used up, which it also is once the host stops. Check it after each unit, so that at least one is done.</summary>
    public bool IsSpent => _started != 0 && (stopping.IsCancellationRequested || time.GetElapsedTime(_started) >= Length);

    /// <summary>Begins to count; a second call changes nothing.</summary>
    public void Start()
    {
        if (_started == 0)
        {
            _started = Math.Max(1, time.GetTimestamp());
        }
    }
}
