using Emu.Durable.Scheduler.Orchestrations;
using Microsoft.DurableTask.Client.Grpc;
using Microsoft.DurableTask.Client.Grpc.Internal;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Scheduler.Connection;

/// <summary>The instances of a scheduler's hub, with the connection that asks for them.</summary>
internal sealed class SchedulerInstances : IAsyncDisposable
{
    private readonly SchedulerConnection _connection;
    private readonly GrpcDurableTaskClient _client;

    public SchedulerInstances(SchedulerEngineOptions options, ILogger logger)
    {
        _connection = new SchedulerConnection(options, worker: null);
        var settings = new GrpcDurableTaskClientOptions { Channel = _connection.Channel, DataConverter = RawJson.Instance, GrpcCallTimeout = options.RequestTimeout };
        settings.SetChannelRecreator(_connection.ReplaceAsync);
        _client = new GrpcDurableTaskClient("emu", settings, logger);
        All = new SdkInstances(_client, json => json, isRecursive: true);
    }

    /// <summary>Asks for an instance that does not exist: the service answers only if it knows the hub.</summary>
    public Task CheckAsync(CancellationToken cancellationToken) => _client.GetInstanceAsync("emu-check", cancellationToken);

    /// <summary>The instances.</summary>
    public SdkInstances All { get; }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _connection.Dispose();
    }
}
