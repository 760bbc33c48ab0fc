using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Jobs;

/// <summary>
/// A client of an engine in a storage that may not answer: its failures become those of a store, which everything that uses jobs
/// tries again or reports.
/// </summary>
/// <exception cref="ArtifactStoreException">From every member: the engine's storage does not answer or refuses.</exception>
public sealed class StoredOrchestrationClient(IOrchestrationClient engine) : IOrchestrationClient
{
    /// <inheritdoc/>
    public Task<bool> StartIfAbsentAsync(string orchestration, string instanceId, object? input, CancellationToken cancellationToken) =>
        TranslatedAsync(engine.StartIfAbsentAsync(orchestration, instanceId, input, cancellationToken));

    /// <inheritdoc/>
    public Task<OrchestrationStatus?> GetStatusAsync(string instanceId, CancellationToken cancellationToken) => TranslatedAsync(engine.GetStatusAsync(instanceId, cancellationToken));

    /// <inheritdoc/>
    public Task RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken) =>
        TranslatedAsync(DoneAsync(engine.RaiseEventAsync(instanceId, eventName, payload, cancellationToken)));

    /// <inheritdoc/>
    public Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken) =>
        TranslatedAsync(DoneAsync(engine.TerminateAsync(instanceId, reason, cancellationToken)));

    /// <inheritdoc/>
    public Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken) => TranslatedAsync(engine.PurgeAsync(instanceId, cancellationToken));

    private static async Task<bool> DoneAsync(Task call)
    {
        await call;
        return true;
    }

    private static async Task<T> TranslatedAsync<T>(Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (DurableEngineUnavailableException exception)
        {
            throw new ArtifactStoreException(exception.Message, retryable: true, exception);
        }
    }
}
