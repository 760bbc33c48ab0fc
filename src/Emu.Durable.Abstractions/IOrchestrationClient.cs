using System.Text.Json;

namespace Emu.Durable.Abstractions;

/// <summary>Starts, observes and ends orchestrations from outside. Every durable engine implements it.</summary>
public interface IOrchestrationClient
{
    /// <summary>Starts an instance unless one with that id exists in any state; an existing one is never replaced.</summary>
    /// <returns>True if this call started it.</returns>
    Task<bool> StartIfAbsentAsync(string orchestration, string instanceId, object? input, CancellationToken cancellationToken);

    /// <summary>The instance's status, or null if there is none of that id.</summary>
    Task<OrchestrationStatus?> GetStatusAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Raises an event, which is buffered until the instance waits for it. Ignored if the instance has ended or does not exist.</summary>
    Task RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a running instance and its children as <see cref="OrchestrationRuntimeStatus.Terminated"/>; the results of running
    /// activities are discarded. A parent gets the failure <c>terminated</c>.
    /// </summary>
    Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken);

    /// <summary>Removes an ended instance, its children and their histories.</summary>
    /// <returns>True if it existed and had ended.</returns>
    Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken);
}

/// <summary>The status of an instance.</summary>
/// <param name="InstanceId">The instance's id.</param>
/// <param name="Orchestration">The orchestration's name.</param>
/// <param name="RuntimeStatus">Its state.</param>
/// <param name="CustomStatus">The text last given to <see cref="IOrchestrationContext.SetStatus"/>, if any.</param>
/// <param name="CreatedAt">When it was started, UTC.</param>
/// <param name="UpdatedAt">When its history last grew, UTC.</param>
/// <param name="Output">Its result once completed.</param>
/// <param name="Failure">Why it failed, once failed or terminated.</param>
public sealed record OrchestrationStatus(
    string InstanceId,
    string Orchestration,
    OrchestrationRuntimeStatus RuntimeStatus,
    string? CustomStatus,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    JsonElement? Output,
    ActivityFailure? Failure);

/// <summary>The state of an instance, as in Durable Task.</summary>
public enum OrchestrationRuntimeStatus
{
    /// <summary>Started; its code has not run yet.</summary>
    Pending,

    /// <summary>Its code has run and has not ended.</summary>
    Running,

    /// <summary>Ended with a result.</summary>
    Completed,

    /// <summary>Ended with a failure.</summary>
    Failed,

    /// <summary>Ended by <see cref="IOrchestrationClient.TerminateAsync"/>, or because its parent ended.</summary>
    Terminated,
}
