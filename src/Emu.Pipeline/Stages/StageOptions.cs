namespace Emu.Pipeline.Stages;

/// <summary>How stages are run.</summary>
public sealed record StageOptions
{
    /// <summary>How long an activity works before it leaves a checkpoint; 20 s by default.</summary>
    public TimeSpan TimeBudget { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The shortest time between two progress reports; 250 ms by default.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the record is looked at for a cancellation; 500 ms by default.</summary>
    public TimeSpan CancellationInterval { get; init; } = TimeSpan.FromMilliseconds(500);
}
