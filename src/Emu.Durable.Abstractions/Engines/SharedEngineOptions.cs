namespace Emu.Durable.Abstractions.Engines;

/// <summary>What the options of every engine that processes share have. Immutable; validated where they are made.</summary>
public abstract record SharedEngineOptions
{
    private readonly int _defaultGroupConcurrency = 16;
    private readonly IReadOnlyDictionary<string, int> _activityGroups = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>The task hub's name; all processes of one hub share the work.</summary>
    public abstract string TaskHub { get; init; }

    /// <summary>How many activities of a group run at once in this process, by the group's name; each at least 1.</summary>
    /// <exception cref="ArgumentException">A name is empty or a number is less than 1.</exception>
    public IReadOnlyDictionary<string, int> ActivityGroups
    {
        get => _activityGroups;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (var (name, concurrency) in value)
            {
                ArgumentException.ThrowIfNullOrWhiteSpace(name);
                ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1, $"The concurrency of group '{name}'");
            }

            _activityGroups = value;
        }
    }

    /// <summary>How many activities of the default group run at once in this process; 16 by default, at least 1.</summary>
    public int DefaultGroupConcurrency
    {
        get => _defaultGroupConcurrency;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _defaultGroupConcurrency = value;
        }
    }

    /// <summary>
    /// The activities that this process takes; null (the default) takes all. Other processes of the hub must take the others: an
    /// activity that nobody takes waits.
    /// </summary>
    public TakenActivities? Activities { get; init; }

    /// <summary>Whether this process runs orchestrations too; true by default. Some process of the hub must.</summary>
    public bool RunsOrchestrations { get; init; } = true;

    /// <summary>
    /// How long running activities may go on at a stop before they are cancelled, so that they can end at a checkpoint when the host
    /// tells them to; nothing by default. Part of <see cref="StopTimeout"/>.
    /// </summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.Zero;

    /// <summary>How long a stop waits for running activities and for the hand-over of what this process holds; 30 s by default.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The groups and their concurrency, the default group included.</summary>
    public IReadOnlyDictionary<string, int> Groups()
    {
        var groups = new Dictionary<string, int>(StringComparer.Ordinal) { [Abstractions.ActivityGroups.Default] = DefaultGroupConcurrency };
        foreach (var (name, concurrency) in ActivityGroups)
        {
            groups[name] = concurrency;
        }

        return groups;
    }

    /// <summary>Whether this process takes an activity.</summary>
    public bool Takes(ActivityRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return Activities is null
            || (registration.Group == Abstractions.ActivityGroups.Default
                ? Activities.DefaultGroup
                : Activities.Names.Contains(registration.Activity.Name, StringComparer.OrdinalIgnoreCase));
    }
}

/// <summary>Which activities a process takes.</summary>
/// <param name="Names">The names of activities outside of the default group.</param>
/// <param name="DefaultGroup">Whether it takes the default group's too.</param>
public sealed record TakenActivities(IReadOnlyCollection<string> Names, bool DefaultGroup);
