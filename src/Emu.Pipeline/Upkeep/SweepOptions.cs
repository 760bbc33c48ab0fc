namespace Emu.Pipeline.Upkeep;

/// <summary>How often the sweep and retention look, and how long they wait before they judge.</summary>
public sealed record SweepOptions
{
    /// <summary>Between two sweeps; 2 s by default. Over blob storage, where each look costs a request, 30 s is enough.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a job that did not change is looked at in the engine too; 1 minute by default.</summary>
    public TimeSpan RecheckInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long after a deadline, or after a job's end, the orchestration may still be about to act on it; 1 minute by default.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Between two rounds of retention; 1 hour by default.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Between two searches of the whole store for orphans; 1 day by default.</summary>
    public TimeSpan OrphanInterval { get; init; } = TimeSpan.FromDays(1);
}
