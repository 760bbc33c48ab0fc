namespace Emu.Durable.Storage;

/// <summary>
/// A row of an instance's history: either something that happened to it (a result, a timer, an event), or something its code
/// asked for (an activity, a timer, a child).
/// </summary>
/// <param name="Sequence">The row's number within the instance, from 1.</param>
/// <param name="Kind">What it records.</param>
/// <param name="At">When it was recorded, UTC; never earlier than the row before.</param>
/// <param name="Task">The number of the task asked for, or answered; 0 where there is none.</param>
/// <param name="Cause">For a task asked for: the sequence of the row whose processing made the code ask.</param>
/// <param name="Value">The attempt of an activity, from 1; the due time of a timer, in UTC ticks.</param>
/// <param name="Name">The name of the orchestration, activity, child's orchestration or event.</param>
/// <param name="Data">JSON of the input, result, failure or payload; the id of a child.</param>
/// <param name="Deliveries">How often the activity has been begun.</param>
internal sealed record HistoryEvent(
    int Sequence,
    HistoryEventKind Kind,
    DateTimeOffset At,
    int Task = 0,
    int Cause = 0,
    long Value = 0,
    string? Name = null,
    string? Data = null,
    int Deliveries = 0)
{
    /// <summary>Whether the orchestration's code asked for it, rather than it happening to the instance.</summary>
    public bool IsAsked => Kind is HistoryEventKind.ActivityScheduled or HistoryEventKind.TimerCreated or HistoryEventKind.ChildScheduled;
}
