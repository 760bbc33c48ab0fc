using Emu.Durable.Abstractions;
using Emu.Durable.Storage;

namespace Emu.Durable.Replay;

/// <summary>
/// What the history says the code asked for, against which a replay is checked: the same tasks, in the same order, each
/// because of the same event. Anything else means that the code is not the code that began the instance.
/// </summary>
internal sealed class ReplayLedger
{
    private readonly Queue<HistoryEvent> _expected;

    public ReplayLedger(IEnumerable<HistoryEvent> history) => _expected = new Queue<HistoryEvent>(history.Where(item => item.IsAsked));

    /// <summary>Checks a task that the code asks for while it replays.</summary>
    /// <returns>The failure, or null if the history has it.</returns>
    public ActivityFailure? Check(AskedTask asked)
    {
        if (!_expected.TryDequeue(out var recorded))
        {
            return Failure(asked.Task, "nothing more", Describe(asked.Kind, asked.Name, asked.Data, asked.Cause));
        }

        var same = recorded.Kind == asked.Kind
            && recorded.Task == asked.Task
            && recorded.Cause == asked.Cause
            && string.Equals(recorded.Name, asked.Name, StringComparison.OrdinalIgnoreCase)
            && (asked.Kind != HistoryEventKind.ChildScheduled || recorded.Data == asked.Data);
        return same
            ? null
            : Failure(recorded.Task, Describe(recorded.Kind, recorded.Name, recorded.Data, recorded.Cause), Describe(asked.Kind, asked.Name, asked.Data, asked.Cause));
    }

    /// <summary>Checks, once an event has been replayed, that the code has asked for everything it asked for then.</summary>
    public ActivityFailure? CheckAfter(int sequence) =>
        _expected.TryPeek(out var recorded) && recorded.Cause <= sequence
            ? Failure(recorded.Task, Describe(recorded.Kind, recorded.Name, recorded.Data, recorded.Cause), "nothing")
            : null;

    private static ActivityFailure Failure(int task, string recorded, string found) => new(
        "non_determinism",
        $"The orchestration's code does not match its history: as task {task} the history has {recorded}, the code asks for {found}. "
            + "Code that instances began with must stay registered under their version; changed code needs a new version.",
        Retryable: false);

    private static string Describe(HistoryEventKind kind, string? name, string? data, int cause) => kind switch
    {
        HistoryEventKind.ActivityScheduled => $"activity '{name}' (after event {cause})",
        HistoryEventKind.TimerCreated => $"a timer (after event {cause})",
        _ => $"child '{name}' with id '{data}' (after event {cause})",
    };
}
