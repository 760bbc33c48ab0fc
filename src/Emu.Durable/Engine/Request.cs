namespace Emu.Durable.Engine;

/// <summary>A caller wants something changed, and hears of it once that is stored.</summary>
/// <param name="apply">Changes it, within a transaction.</param>
internal sealed class Request<T>(Func<EngineState, T> apply) : ISignal
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _answer = default!;

    public Task<T> Task => _completion.Task;

    public void Apply(EngineState state) => _answer = apply(state);

    public void Committed(EngineState state) => _completion.TrySetResult(_answer);

    public bool RolledBack(EngineState state, Exception exception)
    {
        _completion.TrySetException(exception);
        return true;
    }

    public void Abandoned(Exception exception) => _completion.TrySetException(exception);
}
