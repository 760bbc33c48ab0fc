using System.Diagnostics;
using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Activities;

/// <summary>The activities by name, each with its group.</summary>
internal sealed class ActivityRegistry(IReadOnlyDictionary<string, int> groups)
{
    private readonly Dictionary<string, (IActivity Activity, string Group)> _activities = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The groups, and how many activities of each may run at once.</summary>
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

    /// <summary>The failure of a call to an activity that is not registered.</summary>
    public ActivityFailure NotFound(string name) => new(
        "activity_not_found",
        $"No activity '{name}' is registered; there are: {string.Join(", ", _activities.Keys.Order(StringComparer.Ordinal))}.",
        Retryable: false);
}

/// <summary>Runs an activity and returns its result or failure as data.</summary>
internal sealed class ActivityRunner(ActivityRegistry registry, ILogger logger)
{
    public async Task<ActivityResult> RunAsync(WorkItem item, CancellationToken cancellationToken)
    {
        using var span = DurableTelemetry.StartActivity(item);
        try
        {
            var input = JsonSerializer.Deserialize<JsonElement>(item.Input, DurableJson.Options);
            var invocation = new ActivityInvocation(item.InstanceId, item.Activity, item.Attempt, input);
            var output = await registry.Get(item.Activity).Activity.RunAsync(invocation, cancellationToken);
            var json = output.ValueKind == JsonValueKind.Undefined ? "null" : output.GetRawText();
            return Payload.IsTooLong(json) ? TooLong(item, span) : new ActivityResult(json, null);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            span?.SetStatus(ActivityStatusCode.Error, "interrupted");
            return ActivityResult.Interrupted;
        }
        catch (Exception exception)
        {
            // Any exception of an activity becomes a failure: orchestrations get failures as data only.
            var failure = exception is ActivityFailedException failed
                ? failed.Failure
                : new ActivityFailure("internal_error", $"{exception.GetType().Name}: {exception.Message}", Retryable: true);

            // A failure says what went wrong; any other exception is a mistake in the activity, and its stack says where.
            logger.ActivityFailed(Logs.LevelOf(failure), exception is ActivityFailedException ? null : exception, item.Activity, item.InstanceId, item.Attempt, failure.Code, failure.Message);
            span?.SetStatus(ActivityStatusCode.Error, failure.Code);
            return new ActivityResult(null, failure);
        }
    }

    private ActivityResult TooLong(WorkItem item, Activity? span)
    {
        var message = $"The result of activity '{item.Activity}' is longer than {Payload.MaximumBytes:N0} bytes of JSON. Put it into the artifact store and return its name.";
        var failure = new ActivityFailure("payload_too_large", message, Retryable: false);
        logger.ActivityFailed(Logs.LevelOf(failure), null, item.Activity, item.InstanceId, item.Attempt, failure.Code, failure.Message);
        span?.SetStatus(ActivityStatusCode.Error, failure.Code);
        return new ActivityResult(null, failure);
    }
}

/// <summary>The outcome of running an activity: a result, a failure, or neither if it was interrupted.</summary>
/// <param name="Output">JSON of the result.</param>
/// <param name="Failure">The failure.</param>
internal sealed record ActivityResult(string? Output, ActivityFailure? Failure)
{
    /// <summary>It was cancelled, and runs again later.</summary>
    public static ActivityResult Interrupted { get; } = new(null, null);

    public bool IsInterrupted => Output is null && Failure is null;
}
