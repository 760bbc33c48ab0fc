namespace Emu.Durable.Activities;

/// <summary>One call of an activity that has no answer yet. Changed on the engine's thread only.</summary>
internal sealed class WorkItem
{
    /// <summary>The calling instance's row.</summary>
    public required long Row { get; init; }

    /// <summary>The row of its oldest ancestor: who is first in the queue.</summary>
    public required long Root { get; init; }

    public required string InstanceId { get; init; }

    public required string Activity { get; init; }

    /// <summary>The task's number within the instance.</summary>
    public required int Task { get; init; }

    /// <summary>The row of the history that asks for it.</summary>
    public required int Sequence { get; init; }

    public required int Attempt { get; init; }

    /// <summary>JSON.</summary>
    public required string Input { get; init; }

    public string? TraceParent { get; init; }

    /// <summary>How often it has been begun, in this process and earlier ones.</summary>
    public int Deliveries { get; set; }

    /// <summary>Whether its instance has ended or was rolled back: nobody wants the answer.</summary>
    public bool IsDropped { get; set; }

    /// <summary>Cancelled on a stop, or when it is dropped; null while it does not run.</summary>
    public CancellationTokenSource? Running { get; set; }

    /// <summary>The order of the queue: oldest root first, then the order of asking.</summary>
    public (long Root, long Row, int Task) Order => (Root, Row, Task);
}
