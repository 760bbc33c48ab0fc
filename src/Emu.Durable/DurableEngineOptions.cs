namespace Emu.Durable;

/// <summary>Options of an embedded engine. Immutable; validated by the engine's constructor.</summary>
public sealed record DurableEngineOptions
{
    /// <summary>The folder of the database and its lock, created if absent; null (the default) keeps everything in memory.</summary>
    public string? DataFolder { get; init; }

    /// <summary>
    /// Whether a commit survives a loss of power or a crash of the operating system, at the cost of a disk flush for each commit
    /// (<c>synchronous=FULL</c>). Without it (the default) every commit survives a crash of the process, and a loss of power may
    /// undo the last commits, each as a whole.
    /// </summary>
    public bool PowerLossDurability { get; init; }

    /// <summary>
    /// How many activities of a group run at once, by the group's name; each at least 1. The default group has
    /// <see cref="DefaultGroupConcurrency"/> unless it is listed here.
    /// </summary>
    public IReadOnlyDictionary<string, int> ActivityGroups { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>How many activities of the default group run at once; 16 by default, at least 1.</summary>
    public int DefaultGroupConcurrency { get; init; } = 16;

    /// <summary>
    /// How often a call of an activity may be started without ending, because its process crashed, before it fails with
    /// <c>worker_lost</c>; 20 by default, at least 1. A normal stop does not count.
    /// </summary>
    public int MaximumDeliveries { get; init; } = 20;

    /// <summary>How many waiting instances are kept in memory; the others are replayed when an event arrives for them. 1,000 by default, not negative.</summary>
    public int MaximumCachedInstances { get; init; } = 1_000;

    /// <summary>How long a stop waits for running activities to end; 30 seconds by default, not negative.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of timers and of history; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The groups and their concurrency, the default group included.</summary>
    internal Dictionary<string, int> Validate()
    {
        if (DataFolder is not null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(DataFolder);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(DefaultGroupConcurrency, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumDeliveries, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaximumCachedInstances);
        ArgumentOutOfRangeException.ThrowIfLessThan(StopTimeout, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(Time);
        var groups = new Dictionary<string, int>(StringComparer.Ordinal) { [Abstractions.ActivityGroups.Default] = DefaultGroupConcurrency };
        foreach (var (name, concurrency) in ActivityGroups)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name, nameof(ActivityGroups));
            groups[name] = concurrency >= 1
                ? concurrency
                : throw new ArgumentOutOfRangeException(nameof(ActivityGroups), concurrency, $"The activity group '{name}' must run at least 1 activity at a time.");
        }

        return groups;
    }
}
