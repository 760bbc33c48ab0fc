using Emu.Durable.Abstractions;

namespace Emu.Durable.Storage;

/// <summary>An instance's row. The engine changes it in place within a transaction, and forgets it if that is rolled back.</summary>
internal sealed class InstanceRecord
{
    /// <summary>The row's number: never reused, so that a late answer to a purged instance finds nobody.</summary>
    public required long Row { get; init; }

    public required string InstanceId { get; init; }

    public required string Orchestration { get; init; }

    public required string Version { get; init; }

    /// <summary>The row of the oldest ancestor, or its own: the age that decides whose activities run first.</summary>
    public required long Root { get; init; }

    /// <summary>The row of the parent, for a child.</summary>
    public long? Parent { get; init; }

    /// <summary>The parent's task that the child answers.</summary>
    public int ParentTask { get; init; }

    /// <summary>The W3C trace context of whoever started the instance.</summary>
    public string? TraceParent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public OrchestrationRuntimeStatus Status { get; set; }

    public string? CustomStatus { get; set; }

    /// <summary>The sequence of the last row of the history.</summary>
    public int LastSequence { get; set; }

    /// <summary>The rows up to this one have been seen by the orchestration's code; later ones wait for a turn.</summary>
    public int Processed { get; set; }

    /// <summary>JSON of the result.</summary>
    public string? Output { get; set; }

    /// <summary>JSON of the failure.</summary>
    public string? Failure { get; set; }

    public bool HasEnded => Status > OrchestrationRuntimeStatus.Running;
}
