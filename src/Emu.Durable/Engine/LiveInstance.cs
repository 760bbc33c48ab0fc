using Emu.Durable.Replay;
using Emu.Durable.Storage;

namespace Emu.Durable.Engine;

/// <summary>An instance in memory.</summary>
internal sealed class LiveInstance(InstanceRecord record)
{
    public InstanceRecord Record { get; } = record;

    /// <summary>Stored events that the code has not seen.</summary>
    public Queue<HistoryEvent> Inbox { get; } = new();

    /// <summary>The code at work; null until the instance has a turn.</summary>
    public OrchestrationExecution? Execution { get; set; }

    /// <summary>Whether it stands in the queue for a turn.</summary>
    public bool AwaitsTurn { get; set; }

    /// <summary>Whether its record differs from the stored one.</summary>
    public bool IsChanged { get; set; }

    /// <summary>Its place among the cached instances.</summary>
    public LinkedListNode<LiveInstance>? Node { get; set; }
}
