using System.Text.Json;

namespace Emu.Durable.Abstractions.Engines;

/// <summary>The activities by name, each with its group.</summary>
/// <param name="groups">The groups, and how many activities of each may run at once.</param>
public sealed class ActivityRegistry(IReadOnlyDictionary<string, int> groups)
{
    private readonly Dictionary<string, ActivityRegistration> _activities = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ActivityRegistration> _inOrder = [];

    /// <summary>The groups, and how many activities of each may run at once.</summary>
    public IReadOnlyDictionary<string, int> Groups => groups;

    /// <summary>The activities, in the order in which they were registered.</summary>
    public IReadOnlyList<ActivityRegistration> All => _inOrder;

    /// <summary>Registers an activity.</summary>
    /// <exception cref="ArgumentException">There is no such group, or the name is taken.</exception>
    public void Add(IActivity activity, string group)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentException.ThrowIfNullOrWhiteSpace(activity.Name);
        if (!groups.ContainsKey(group))
        {
            throw new ArgumentException($"Activity '{activity.Name}' names the group '{group}', which the options do not have; they have: {string.Join(", ", groups.Keys)}.", nameof(group));
        }

        var registration = new ActivityRegistration(activity, group);
        if (!_activities.TryAdd(activity.Name, registration))
        {
            throw new ArgumentException($"An activity '{activity.Name}' is registered already.", nameof(activity));
        }

        _inOrder.Add(registration);
    }

    /// <summary>An activity and its group; null if it is not registered.</summary>
    public ActivityRegistration? Find(string name) => _activities.GetValueOrDefault(name);

    /// <summary>The failure of a call to an activity that is not registered.</summary>
    public ActivityFailure NotFound(string name) => new(
        "activity_not_found",
        $"No activity '{name}' is registered; there are: {string.Join(", ", _activities.Keys.Order(StringComparer.Ordinal))}.",
        Retryable: false);
}

/// <summary>The outcome of running an activity: a result, a failure, or neither if it was interrupted.</summary>
/// <param name="Output">JSON of the result.</param>
/// <param name="Failure">The failure.</param>
/// <param name="Exception">What the activity threw by mistake: its stack says where. Null for a failure that it reports itself.</param>
public sealed record ActivityResult(string? Output, ActivityFailure? Failure, Exception? Exception = null)
{
    /// <summary>It was cancelled, and runs again later.</summary>
    public static ActivityResult Interrupted { get; } = new(null, null);

    /// <summary>Whether it was cancelled, and runs again later.</summary>
    public bool IsInterrupted => Output is null && Failure is null;

    /// <summary>Runs an activity. Whatever it throws becomes a failure, since orchestrations get failures as data only.</summary>
    public static async Task<ActivityResult> RunAsync(IActivity activity, ActivityInvocation invocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(invocation);
        try
        {
            var output = await activity.RunAsync(invocation, cancellationToken);
            var json = output.ValueKind == JsonValueKind.Undefined ? "null" : output.GetRawText();
            return Payload.IsTooLong(json) ? TooLong(invocation.Name) : new ActivityResult(json, null);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (ActivityFailedException failed)
        {
            return new ActivityResult(null, failed.Failure);
        }
        catch (Exception exception)
        {
            return new ActivityResult(null, new ActivityFailure("internal_error", $"{exception.GetType().Name}: {exception.Message}", Retryable: true), exception);
        }
    }

    private static ActivityResult TooLong(string name)
    {
        var message = $"The result of activity '{name}' is longer than {Payload.MaximumBytes:N0} bytes of JSON. Put it into the artifact store and return its name.";
        return new ActivityResult(null, new ActivityFailure("payload_too_large", message, Retryable: false));
    }
}
