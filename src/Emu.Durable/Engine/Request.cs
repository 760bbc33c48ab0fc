namespace Emu.Durable.Engine;

/// <summary>A caller wants something changed, and hears of it once that is stored.</summary>
/// <param name="apply">Changes it, within a transaction.</param>
internal sealed class Request<T>(Func<EngineState, T> apply) : ISignal
{
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T answer = default!;

    public Task<T> Task => completion.Task;

    public void Apply(EngineState state) => answer = apply(state);

    public void Committed(EngineState state) => completion.TrySetResult(answer);

    public bool RolledBack(EngineState state, Exception exception)
    {
        completion.TrySetException(exception);
        return true;
    }

    public void Abandoned(Exception exception) => completion.TrySetException(exception);
}
