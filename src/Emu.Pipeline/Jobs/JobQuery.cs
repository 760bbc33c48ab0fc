namespace Emu.Pipeline.Jobs;

/// <summary>Which of an owner's jobs to list.</summary>
public sealed record JobQuery
{
    /// <summary>The most jobs a page can have.</summary>
    public const int MaximumLimit = 100;

    /// <summary>Only this kind; every kind if null.</summary>
    public JobKind? Kind { get; init; }

    /// <summary>Only jobs in this status; any if null.</summary>
    public JobStatus? Status { get; init; }

    /// <summary>Which come first.</summary>
    public JobOrder Order { get; init; }

    /// <summary>The id that the page begins after; from the beginning if null. The job itself may be gone.</summary>
    public string? After { get; init; }

    /// <summary>How many at most, 1 to <see cref="MaximumLimit"/>.</summary>
    public int Limit { get; init; } = 20;
}
