using Emu.Durable.Abstractions;

namespace Emu.Durable.Activities;

/// <summary>The activities by name, each with the group it counts in.</summary>
internal sealed class ActivityRegistry(IReadOnlyDictionary<string, int> groups)
{
    private readonly Dictionary<string, (IActivity Activity, string Group)> _activities = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The groups and how many activities of each run at once.</summary>
    public IReadOnlyDictionary<string, int> Groups => groups;

    public void Add(IActivity activity, string group)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(activity.Name);
        if (!groups.ContainsKey(group))
        {
            throw new ArgumentException($"Activity '{activity.Name}' names the group '{group}', which the options do not have; they have: {string.Join(", ", groups.Keys)}.", nameof(group));
        }

        if (!_activities.TryAdd(activity.Name, (activity, group)))
        {
            throw new ArgumentException($"An activity '{activity.Name}' is registered already.", nameof(activity));
        }
    }

    public bool Contains(string name) => _activities.ContainsKey(name);

    public (IActivity Activity, string Group) Get(string name) => _activities[name];

    /// <summary>The failure of a call to an activity that nobody registered.</summary>
    public ActivityFailure NotFound(string name) => new(
        "activity_not_found",
        $"No activity '{name}' is registered; there are: {string.Join(", ", _activities.Keys.Order(StringComparer.Ordinal))}.",
        Retryable: false);
}
