namespace Emu.Pipeline.Stages;

/// <summary>What a stage's body says when it returns: done, or to be called again.</summary>
public sealed record StageOutcome
{
    private StageOutcome()
    {
    }

    /// <summary>What the stage left, if it is done; else null.</summary>
    public IReadOnlyList<StageFile>? Files { get; private init; }

    /// <summary>Into how many chunks the next stage is split, if it is.</summary>
    public int? Chunks { get; private init; }

    /// <summary>The next slice's first unit, if the stage is not done.</summary>
    public int Unit { get; private init; }

    /// <summary>The file in which this slice left off, if the stage is not done.</summary>
    public StageFile? Checkpoint { get; private init; }

    /// <summary>The stage is done.</summary>
    /// <param name="files">What it left, written with <see cref="StageRun.WriteAsync"/>.</param>
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
    /// <param name="checkpoint">Where it left off, written with <see cref="StageRun.WriteAsync"/>.</param>
    public static StageOutcome Continue(int unit, StageFile checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentOutOfRangeException.ThrowIfLessThan(unit, 1);
        return new StageOutcome { Unit = unit, Checkpoint = checkpoint };
    }
}
