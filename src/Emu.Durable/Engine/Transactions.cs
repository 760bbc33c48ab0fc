using Emu.Durable.Activities;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Engine;

/// <summary>Stores everything that follows from a batch of signals in one transaction, and then lets the world see it.</summary>
internal sealed class Transactions(EngineState state, Backlog backlog, EngineHooks hooks, ILogger logger)
{
    private const int MaximumTurns = 2_048;

    private bool _recoverTurns = true;
    private int _commits;

    /// <summary>Whether instances wait for a turn, signals or not.</summary>
    public bool HasTurns => _recoverTurns || state.Instances.HasTurns;

    /// <summary>Whether an engine that stops has nothing left to wait for.</summary>
    public bool IsIdle => state.Queue.IsStopping && state.Queue.RunningCount == 0;

    /// <summary>Runs a batch.</summary>
    /// <param name="batch">The signals.</param>
    /// <param name="isWhole">Whether it holds everything there is to do; otherwise only what came in since the last failure.</param>
    /// <returns>False if the engine shall end at once.</returns>
    public bool Run(List<ISignal> batch, bool isWhole)
    {
        if (batch.Count == 0 && !isWhole)
        {
            return true;
        }

        List<WorkItem> taken = [];
        try
        {
            state.Database.Begin();
            Apply(batch, isWhole);
            taken = state.Queue.Take();
            taken.ForEach(item => state.History.SetDeliveries(item.Row, item.Sequence, ++item.Deliveries));
            _commits += state.Instances.Flush() > 0 ? 1 : 0;
            state.Database.Commit();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is not (SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB))
        {
            RollBack(batch, taken, isWhole, exception);
            return true;
        }

        if (isWhole)
        {
            backlog.Succeeded();
        }

        if (_commits == hooks.DieAfterCommits)
        {
            batch.ForEach(signal => signal.Abandoned(EngineLoop.Stopped()));
            return false;
        }

        state.Committed();
        state.Queue.Committed(taken);
        batch.ForEach(signal => signal.Committed(state));
        return true;
    }

    private void Apply(List<ISignal> batch, bool isWhole)
    {
        if (_recoverTurns && isWhole)
        {
            state.Instances.RecoverTurns();
            _recoverTurns = false;
        }

        batch.ForEach(signal => signal.Apply(state));
        state.Run(MaximumTurns);
    }

    private void RollBack(List<ISignal> batch, List<WorkItem> taken, bool wasWhole, SqliteException exception)
    {
        state.Database.Rollback();
        taken.ForEach(item => item.Deliveries--);
        state.Queue.RolledBack(taken);
        state.RolledBack();
        _recoverTurns = true;
        var error = new DurableStoreException($"The durable engine's database could not be written: {exception.Message}", exception);
        backlog.Park(batch.Where(signal => !signal.RolledBack(state, error)));
        if (wasWhole)
        {
            logger.CommitFailed(exception, backlog.Failed());
        }
    }
}
