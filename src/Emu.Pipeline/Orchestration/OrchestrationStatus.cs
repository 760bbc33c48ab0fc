using System.Text.Json;

namespace Emu.Pipeline.Orchestration;

/// <summary>What an engine knows of an instance.</summary>
/// <param name="InstanceId">The instance's id.</param>
/// <param name="Orchestration">The orchestration's name.</param>
/// <param name="RuntimeStatus">Where it stands.</param>
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
