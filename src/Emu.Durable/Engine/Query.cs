using Microsoft.Data.Sqlite;

namespace Emu.Durable.Engine;

/// <summary>A caller wants to know something: it sees what is stored, whatever becomes of the changes that arrived with it.</summary>
/// <param name="read">Reads it, outside of transactions.</param>
internal sealed class Query<T>(Func<EngineState, T> read) : ISignal
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _completion.Task;

    public void Apply(EngineState state)
    {
    }

    public void Committed(EngineState state) => Answer(state);

    public bool RolledBack(EngineState state, Exception exception)
    {
        Answer(state);
        return true;
    }

    public void Abandoned(Exception exception) => _completion.TrySetException(exception);

    private void Answer(EngineState state)
    {
        try
        {
            _completion.TrySetResult(read(state));
        }
        catch (SqliteException exception)
        {
            _completion.TrySetException(new DurableStoreException($"The durable engine's database could not be read: {exception.Message}", exception));
        }
    }
}
