namespace Emu.Durable.Storage;

/// <summary>What a row of an instance's history records. The numbers are stored: never change or reuse one.</summary>
internal enum HistoryEventKind
{
    Started = 1,
    ActivityScheduled = 2,
    ActivityCompleted = 3,
    ActivityFailed = 4,
    TimerCreated = 5,
    TimerFired = 6,
    ChildScheduled = 7,
    ChildCompleted = 8,
    ChildFailed = 9,
    EventRaised = 10,
}
