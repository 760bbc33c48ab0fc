using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Durable.Storage;

namespace Emu.Durable.Replay;

/// <summary>An orchestration's code at work: fed with events in the order of the history, it asks for tasks and at last ends.</summary>
internal sealed class OrchestrationExecution
{
    private readonly InstanceRecord _instance;
    private readonly IOrchestration _code;
    private readonly EventMailbox _mailbox = new();
    private readonly TurnSynchronizationContext _turn;
    private readonly OrchestrationContext _context;
    private Task<JsonElement>? _result;

    /// <param name="instance">The instance.</param>
    /// <param name="code">Its code, of its version.</param>
    /// <param name="foreignContinuation">Called, on any thread, when the code goes on outside of a turn.</param>
    public OrchestrationExecution(InstanceRecord instance, IOrchestration code, Action foreignContinuation)
    {
        this._instance = instance;
        this._code = code;
        _turn = new TurnSynchronizationContext(foreignContinuation);
        _context = new OrchestrationContext(instance, Tasks, _mailbox, _turn, foreignContinuation);
    }

    /// <summary>The instance's tasks.</summary>
    public TaskLedger Tasks { get; } = new();

    /// <summary>The status text.</summary>
    public string? Status => _context.Status;

    /// <summary>How the instance ended, or null.</summary>
    public ExecutionOutcome? Outcome { get; private set; }

    /// <summary>The failure of an instance that awaits what is not the port's.</summary>
    public static ActivityFailure ForeignTask { get; } = new(
        "foreign_task",
        "The orchestration awaits a task that is not from its context (or uses ConfigureAwait(false)): it may await the tasks of its context only, joined with Task.WhenAll or Task.WhenAny.",
        Retryable: false);

    /// <summary>The log lines written since the last call.</summary>
    public IReadOnlyList<string> TakeLog() => _context.TakeLog();

    /// <summary>Brings new code to where its history stands.</summary>
    public void Replay(IReadOnlyList<HistoryEvent> history)
    {
        var ledger = new ReplayLedger(history);
        Tasks.Replay = ledger;
        foreach (var item in history)
        {
            if (!item.IsAsked && Outcome is null)
            {
                Apply(item, replaying: true);
                if (Tasks.Fatal is null && ledger.CheckAfter(item.Sequence) is { } failure)
                {
                    Outcome = ExecutionOutcome.Failed(failure);
                }
            }
        }

        Tasks.Replay = null;
    }

    /// <summary>Lets the code see what has happened.</summary>
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
            // Only an async void method of the orchestration gets here: nobody else could notice that it failed.
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

        // As on Durable Task, an instance does not end before every task it asked for.
        if (Tasks.OpenCount > 0 || _result is null)
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
