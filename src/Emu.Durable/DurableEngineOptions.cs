namespace Emu.Durable;

/// <summary>How an embedded engine stores and runs. Immutable; validated by the engine's constructor.</summary>
public sealed record DurableEngineOptions
{
    /// <summary>The group of an activity that names none.</summary>
    public const string DefaultGroup = "default";

    /// <summary>The folder of the database and its lock, created if absent; null (the default) keeps everything in memory.</summary>
    public string? DataFolder { get; init; }

    /// <summary>
    /// Whether a commit survives a loss of power or of the operating system, at the price of a disk flush each
    /// (<c>synchronous=FULL</c>). Without it (the default) every commit survives the death of the process, and a loss of power
    /// may take back the last ones, never half of one.
    /// </summary>
    public bool PowerLossDurability { get; init; }

    /// <summary>
    /// How many activities of a group run at once, by the group's name; each at least 1. The default group has
    /// <see cref="DefaultGroupConcurrency"/> unless it stands here.
    /// </summary>
    public IReadOnlyDictionary<string, int> ActivityGroups { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>How many activities that name no group run at once; 16 by default, at least 1.</summary>
    public int DefaultGroupConcurrency { get; init; } = 16;

    /// <summary>
    /// How often one call of an activity may be begun without being finished, because its process died, before it fails with
    /// <c>worker_lost</c>; 20 by default, at least 1. A stop in good order does not count.
    /// </summary>
    public int MaximumDeliveries { get; init; } = 20;

    /// <summary>How many waiting instances stay in memory; the others are replayed when something happens to them. 1,000 by default, not negative.</summary>
    public int MaximumCachedInstances { get; init; } = 1_000;

    /// <summary>How long a stop waits for running activities to notice it; 30 seconds by default, not negative.</summary>
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
        var groups = new Dictionary<string, int>(StringComparer.Ordinal) { [DefaultGroup] = DefaultGroupConcurrency };
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
