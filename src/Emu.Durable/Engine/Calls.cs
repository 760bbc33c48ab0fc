namespace Emu.Durable.Engine;

/// <summary>Calls into the engine's thread.</summary>
internal sealed class Calls(EngineLoop loop)
{
    /// <summary>Changes something; returns once it is stored.</summary>
    public Task<T> ChangeAsync<T>(Func<EngineState, T> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var request = new Request<T>(change);
        loop.Post(request);
        return request.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Reads something.</summary>
    public Task<T> AskAsync<T>(Func<EngineState, T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var query = new Query<T>(read);
        loop.Post(query);
        return query.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Has somebody told of what is to come, and waits for it.</summary>
    public async Task<T> WaitAsync<T>(Func<EngineState, TaskCompletionSource<T>, bool> subscribe, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await AskAsync(state => subscribe(state, waiter), cancellationToken);
        await using var registration = cancellationToken.Register(() => waiter.TrySetCanceled(cancellationToken));
        return await waiter.Task;
    }
}
