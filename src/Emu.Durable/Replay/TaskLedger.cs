using Emu.Durable.Abstractions;
using Emu.Durable.Storage;

namespace Emu.Durable.Replay;

/// <summary>An instance's tasks: numbers them, checks them on replay, collects the new ones, completes the open ones.</summary>
internal sealed class TaskLedger
{
    private readonly Dictionary<int, TaskCompletionSource<string>> _open = [];
    private readonly List<AskedTask> _asked = [];
    private readonly List<int> _withdrawn = [];
    private int _lastTask;

    /// <summary>What the history holds, while it is replayed.</summary>
    public ReplayLedger? Replay { get; set; }

    /// <summary>Why the instance cannot go on, whatever its code says.</summary>
    public ActivityFailure? Fatal { get; private set; }

    /// <summary>How many tasks have been asked for and not answered.</summary>
    public int OpenCount => _open.Count;

    /// <summary>Asks for a task.</summary>
    /// <returns>Its number, and the task of its result as JSON.</returns>
    public (int Number, Task<string> Result) Ask(HistoryEventKind kind, int cause, string? name = null, string? data = null, long value = 0, string? childInput = null)
    {
        if (Fatal is not null)
        {
            throw new ActivityFailedException(Fatal);
        }

        var task = new AskedTask(kind, ++_lastTask, cause, name, data, value, childInput);
        if (Replay is null)
        {
            _asked.Add(task);
        }
        else if (Replay.Check(task) is { } failure)
        {
            Fail(failure);
            throw new ActivityFailedException(failure);
        }

        var completion = new TaskCompletionSource<string>();
        _open.Add(task.Task, completion);
        return (task.Task, completion.Task);
    }

    /// <summary>Completes a task; one that is no longer open is left alone, as in Durable Task.</summary>
    public void Complete(int number, string result)
    {
        if (_open.Remove(number, out var completion))
        {
            completion.SetResult(result);
        }
    }

    /// <summary>Fails a task.</summary>
    public void Fail(int number, ActivityFailure failure)
    {
        if (_open.Remove(number, out var completion))
        {
            completion.SetException(new ActivityFailedException(failure));
        }
    }

    /// <summary>Withdraws a timer.</summary>
    public void Withdraw(int number, CancellationToken cancellationToken)
    {
        if (_open.Remove(number, out var completion))
        {
            _withdrawn.Add(number);
            completion.SetCanceled(cancellationToken);
        }
    }

    /// <summary>Ends the instance with a failure of its own; the first one stays.</summary>
    public void Fail(ActivityFailure failure) => Fatal ??= failure;

    /// <summary>The tasks asked for since the last call.</summary>
    public IReadOnlyList<AskedTask> TakeAsked() => Take(_asked);

    /// <summary>The timers withdrawn since the last call.</summary>
    public IReadOnlyList<int> TakeWithdrawn() => Take(_withdrawn);

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
