using Emu.Durable.Abstractions;
using Emu.Durable.Storage;

namespace Emu.Durable.Replay;

/// <summary>An instance's tasks: numbers them, checks them on replay, collects the new ones, completes the pending ones.</summary>
internal sealed class OrchestrationTasks
{
    private readonly Dictionary<int, TaskCompletionSource<string>> _pending = [];
    private readonly List<ScheduledTask> _scheduled = [];
    private readonly List<int> _cancelledTimers = [];
    private int _lastTask;

    /// <summary>The tasks in the history, while it is replayed; otherwise null.</summary>
    public RecordedTasks? Recorded { get; set; }

    /// <summary>The failure that ends the instance whatever its code returns; null if there is none.</summary>
    public ActivityFailure? Fatal { get; private set; }

    /// <summary>How many tasks were scheduled and have no result.</summary>
    public int PendingCount => _pending.Count;

    /// <summary>Schedules a task.</summary>
    /// <returns>Its number, and a task for its result as JSON.</returns>
    public (int Number, Task<string> Result) Schedule(HistoryEventKind kind, int cause, string? name = null, string? data = null, long value = 0, string? childInput = null)
    {
        if (Fatal is not null)
        {
            throw new ActivityFailedException(Fatal);
        }

        var task = new ScheduledTask(kind, ++_lastTask, cause, name, data, value, childInput);
        if (Recorded is null)
        {
            _scheduled.Add(task);
        }
        else if (Recorded.Check(task) is { } failure)
        {
            Fail(failure);
            throw new ActivityFailedException(failure);
        }

        var completion = new TaskCompletionSource<string>();
        _pending.Add(task.Number, completion);
        return (task.Number, completion.Task);
    }

    /// <summary>Completes a task; ignored if it is no longer pending, as in Durable Task.</summary>
    public void Complete(int number, string result)
    {
        if (_pending.Remove(number, out var completion))
        {
            completion.SetResult(result);
        }
    }

    /// <summary>Fails a task; ignored if it is no longer pending.</summary>
    public void Fail(int number, ActivityFailure failure)
    {
        if (_pending.Remove(number, out var completion))
        {
            completion.SetException(new ActivityFailedException(failure));
        }
    }

    /// <summary>Cancels a timer; ignored if it is no longer pending.</summary>
    public void CancelTimer(int number, CancellationToken cancellationToken)
    {
        if (_pending.Remove(number, out var completion))
        {
            _cancelledTimers.Add(number);
            completion.SetCanceled(cancellationToken);
        }
    }

    /// <summary>Sets <see cref="Fatal"/>, unless it is set already.</summary>
    public void Fail(ActivityFailure failure) => Fatal ??= failure;

    /// <summary>Returns and clears the newly scheduled tasks.</summary>
    public IReadOnlyList<ScheduledTask> TakeScheduled() => Take(_scheduled);

    /// <summary>Returns and clears the numbers of the newly cancelled timers.</summary>
    public IReadOnlyList<int> TakeCancelledTimers() => Take(_cancelledTimers);

    private static T[] Take<T>(List<T> list)
    {
        if (list.Count == 0)
        {
            return [];
        }

        T[] taken = [.. list];
        list.Clear();
        return taken;
    }
}

/// <summary>A task that an orchestration's code has scheduled.</summary>
/// <param name="Kind">Activity, timer or child.</param>
/// <param name="Number">Its number within the instance, from 1.</param>
/// <param name="Cause">The sequence of the event during whose processing the code scheduled it.</param>
/// <param name="Name">The name of the activity or of the child's orchestration.</param>
/// <param name="Data">JSON of an activity's input; the id of a child.</param>
/// <param name="Value">The attempt of an activity, from 1; the due time of a timer, in UTC ticks.</param>
/// <param name="ChildInput">JSON of a child's input, which is stored in the child's own history.</param>
internal sealed record ScheduledTask(HistoryEventKind Kind, int Number, int Cause, string? Name = null, string? Data = null, long Value = 0, string? ChildInput = null);

/// <summary>
/// The tasks recorded in a history, against which a replay is checked: the code must schedule the same tasks, in the same
/// order, each during the same event. Otherwise it is not the code that the instance started with.
/// </summary>
internal sealed class RecordedTasks
{
    private readonly Queue<HistoryEvent> _expected;

    public RecordedTasks(IEnumerable<HistoryEvent> history) => _expected = new Queue<HistoryEvent>(history.Where(item => item.IsScheduledTask));

    /// <summary>Checks a task that the code schedules during replay.</summary>
    /// <returns>The failure, or null if it is the next recorded task.</returns>
    public ActivityFailure? Check(ScheduledTask scheduled)
    {
        if (!_expected.TryDequeue(out var recorded))
        {
            return Failure(scheduled.Number, "nothing more", Describe(scheduled.Kind, scheduled.Name, scheduled.Data, scheduled.Cause));
        }

        var isSame = recorded.Kind == scheduled.Kind
            && recorded.Task == scheduled.Number
            && recorded.Cause == scheduled.Cause
            && string.Equals(recorded.Name, scheduled.Name, StringComparison.OrdinalIgnoreCase)
            && (scheduled.Kind != HistoryEventKind.ChildScheduled || recorded.Data == scheduled.Data);
        return isSame
            ? null
            : Failure(recorded.Task, Describe(recorded.Kind, recorded.Name, recorded.Data, recorded.Cause), Describe(scheduled.Kind, scheduled.Name, scheduled.Data, scheduled.Cause));
    }

    /// <summary>Checks, after an event was replayed, that the code has scheduled every task recorded for that event.</summary>
    public ActivityFailure? CheckAfter(int sequence) =>
        _expected.TryPeek(out var recorded) && recorded.Cause <= sequence
            ? Failure(recorded.Task, Describe(recorded.Kind, recorded.Name, recorded.Data, recorded.Cause), "nothing")
            : null;

    private static ActivityFailure Failure(int task, string recorded, string found) => new(
        "non_determinism",
        $"The orchestration's code does not match its history: as task {task} the history has {recorded}, the code asks for {found}. "
            + "The code that an instance started with must stay registered under its version; changed code needs a new version.",
        Retryable: false);

    private static string Describe(HistoryEventKind kind, string? name, string? data, int cause) => kind switch
    {
        HistoryEventKind.ActivityScheduled => $"activity '{name}' (after event {cause})",
        HistoryEventKind.TimerCreated => $"a timer (after event {cause})",
        _ => $"child '{name}' with id '{data}' (after event {cause})",
    };
}
