using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.Storage;

namespace Emu.Durable.Replay;

/// <summary>A running orchestration: it processes events in the order of the history, schedules tasks, and ends.</summary>
internal sealed class OrchestrationExecution
{
    private readonly InstanceRecord _instance;
    private readonly IOrchestration _code;
    private readonly EventMailbox _mailbox = new();
    private readonly TurnSynchronizationContext _turn;
    private readonly OrchestrationContext _context;
    private Task<JsonElement>? _result;

    /// <param name="instance">The instance.</param>
    /// <param name="code">The orchestration, in the version of the instance.</param>
    /// <param name="onForeignTask">Called, on any thread, when the code continues outside of a turn.</param>
    public OrchestrationExecution(InstanceRecord instance, IOrchestration code, Action onForeignTask)
    {
        _instance = instance;
        _code = code;
        _turn = new TurnSynchronizationContext(onForeignTask);
        _context = new OrchestrationContext(instance, Tasks, _mailbox, _turn, onForeignTask);
    }

    /// <summary>The instance's tasks.</summary>
    public OrchestrationTasks Tasks { get; } = new();

    /// <summary>The status text that the code has set.</summary>
    public string? Status => _context.Status;

    /// <summary>How the instance ended; null while it runs.</summary>
    public ExecutionOutcome? Outcome { get; private set; }

    /// <summary>The failure of an instance that awaits a foreign task.</summary>
    public static ActivityFailure ForeignTask { get; } = new(
        "foreign_task",
        "The orchestration awaits a task that is not from its context (or uses ConfigureAwait(false)): it may await the tasks of its context only, joined with Task.WhenAll or Task.WhenAny.",
        Retryable: false);

    /// <summary>Returns and clears the log lines.</summary>
    public IReadOnlyList<string> TakeLog() => _context.TakeLog();

    /// <summary>Runs the code on the events of its history, up to the last one that it has processed.</summary>
    public void Replay(IReadOnlyList<HistoryEvent> history)
    {
        var recorded = new RecordedTasks(history);
        Tasks.Recorded = recorded;
        foreach (var item in history)
        {
            if (!item.IsScheduledTask && Outcome is null)
            {
                Apply(item, replaying: true);
                if (Tasks.Fatal is null && recorded.CheckAfter(item.Sequence) is { } failure)
                {
                    Outcome = ExecutionOutcome.Failed(failure);
                }
            }
        }

        Tasks.Recorded = null;
    }

    /// <summary>Runs the code on a new event.</summary>
    public void Apply(HistoryEvent item) => Apply(item, replaying: false);

    private void Apply(HistoryEvent item, bool replaying)
    {
        _context.Begin(item, replaying);
        try
        {
            _turn.Run(() => Handle(item));
        }
        catch (Exception exception)
        {
            // Only the exception of an async void method gets here: no task carries it.
            Tasks.Fail(Describe(exception));
        }

        Outcome = FindOutcome();
    }

    private void Handle(HistoryEvent item)
    {
        switch (item.Kind)
        {
            case HistoryEventKind.Started:
                _result = InvokeAsync(item.Data!);
                break;
            case HistoryEventKind.ActivityCompleted or HistoryEventKind.ChildCompleted:
                Tasks.Complete(item.Task, item.Data!);
                break;
            case HistoryEventKind.TimerFired:
                Tasks.Complete(item.Task, "null");
                break;
            case HistoryEventKind.ActivityFailed or HistoryEventKind.ChildFailed:
                Tasks.Fail(item.Task, Payload.ReadFailure(item.Data!));
                break;
            case HistoryEventKind.EventRaised:
                _mailbox.Deliver(item.Name!, item.Data!);
                break;
            default:
                throw new InvalidOperationException($"A row of kind {item.Kind} is not an event.");
        }
    }

    private async Task<JsonElement> InvokeAsync(string input) =>
        await _code.RunAsync(_context, JsonSerializer.Deserialize<JsonElement>(input, DurableJson.Options));

    private ExecutionOutcome? FindOutcome()
    {
        if (Tasks.Fatal is { } fatal)
        {
            return ExecutionOutcome.Failed(fatal);
        }

        // As on Durable Task, an instance does not end before every task it has scheduled.
        if (Tasks.PendingCount > 0 || _result is null)
        {
            return null;
        }

        if (!_result.IsCompleted)
        {
            return _mailbox.HasWaiters ? null : ExecutionOutcome.Failed(ForeignTask);
        }

        if (_result.IsCompletedSuccessfully)
        {
            try
            {
                return ExecutionOutcome.Completed(Payload.Serialize(_result.Result, $"result of orchestration '{_instance.Orchestration}'"));
            }
            catch (ArgumentException exception)
            {
                return ExecutionOutcome.Failed(new ActivityFailure("payload_too_large", exception.Message, Retryable: false));
            }
        }

        return ExecutionOutcome.Failed(Describe(_result.Exception?.InnerException ?? new TaskCanceledException(_result)));
    }

    private static ActivityFailure Describe(Exception exception) =>
        exception is ActivityFailedException failed
            ? failed.Failure
            : new ActivityFailure("internal_error", $"{exception.GetType().Name}: {exception.Message}", Retryable: false);
}

/// <summary>How an instance ended.</summary>
/// <param name="Status">Completed, failed or terminated.</param>
/// <param name="Output">JSON of the result, once completed.</param>
/// <param name="Failure">The failure otherwise.</param>
internal sealed record ExecutionOutcome(OrchestrationRuntimeStatus Status, string? Output, ActivityFailure? Failure)
{
    public static ExecutionOutcome Completed(string output) => new(OrchestrationRuntimeStatus.Completed, output, null);

    public static ExecutionOutcome Failed(ActivityFailure failure) => new(OrchestrationRuntimeStatus.Failed, null, failure);

    public static ExecutionOutcome Terminated(string reason) =>
        new(OrchestrationRuntimeStatus.Terminated, null, new ActivityFailure("terminated", reason, Retryable: false));
}
