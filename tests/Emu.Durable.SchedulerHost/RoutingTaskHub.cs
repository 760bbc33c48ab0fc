using System.Threading.Channels;
using DurableTask.Core;
using Grpc.Core;
using Microsoft.DurableTask.Protobuf;
using Microsoft.DurableTask.Testing.Sidecar.Grpc;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Emu.Durable.SchedulerHost;

/// <summary>
/// Microsoft's test host sends all work to one stream, never again if it is lost, and heeds neither filters nor limits. This stands
/// before it and does what the Durable Task Scheduler is documented to do: any number of streams, each of which gets only what its
/// filters name and no more at once than it says; what was given back or whose stream has ended goes to another one.
/// </summary>
public sealed class RoutingTaskHub : TaskHubGrpcServer
{
    private readonly Lock _gate = new();
    private readonly List<WorkStream> _streams = [];
    private readonly List<WorkItem> _waiting = [];
    private readonly CancellationToken _stopping;
    private bool _isConnected;

    /// <summary>Creates the hub.</summary>
    public RoutingTaskHub(
        IHostApplicationLifetime lifetime, ILoggerFactory loggers, IOrchestrationService service, IOrchestrationServiceClient client, IOptions<TaskHubGrpcServerOptions> options)
        : base(lifetime, loggers, service, client, options) => _stopping = lifetime.ApplicationStopping;

    /// <summary>Whether streams get only what their filters name; true by default.</summary>
    public bool HeedsFilters { get; set; } = true;

    /// <summary>How many activities were sent in all.</summary>
    public int SentActivities { get; private set; }

    /// <summary>How many activities were given back.</summary>
    public int ReturnedActivities { get; private set; }

    /// <summary>How many streams are open.</summary>
    public int OpenStreams
    {
        get
        {
            lock (_gate)
            {
                return _streams.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override async Task GetWorkItems(GetWorkItemsRequest request, IServerStreamWriter<WorkItem> responseStream, ServerCallContext context)
    {
        var stream = new WorkStream(request);
        lock (_gate)
        {
            _streams.Add(stream);
            Connect();
            Send();
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, _stopping);
        try
        {
            await foreach (var item in stream.Sent.Reader.ReadAllAsync(either.Token))
            {
                await responseStream.WriteAsync(item, either.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or InvalidOperationException or IOException)
        {
            // The worker has gone.
        }
        finally
        {
            lock (_gate)
            {
                _streams.Remove(stream);
                _waiting.AddRange(stream.Held.Values);
                Send();
            }
        }
    }

    /// <inheritdoc/>
    public override Task<CompleteTaskResponse> CompleteActivityTask(ActivityResponse request, ServerCallContext context)
    {
        Release(request.CompletionToken);
        return base.CompleteActivityTask(request, context);
    }

    /// <inheritdoc/>
    public override Task<CompleteTaskResponse> CompleteOrchestratorTask(OrchestratorResponse request, ServerCallContext context)
    {
#pragma warning disable CS0612 // The SDK splits long answers so.
        if (!request.IsPartial)
#pragma warning restore CS0612
        {
            Release(request.CompletionToken);
        }

        return base.CompleteOrchestratorTask(request, context);
    }

    /// <inheritdoc/>
    public override Task<AbandonActivityTaskResponse> AbandonTaskActivityWorkItem(AbandonActivityTaskRequest request, ServerCallContext context)
    {
        ReturnedActivities++;
        Return(request.CompletionToken);
        return Task.FromResult(new AbandonActivityTaskResponse());
    }

    /// <inheritdoc/>
    public override Task<AbandonOrchestrationTaskResponse> AbandonTaskOrchestratorWorkItem(AbandonOrchestrationTaskRequest request, ServerCallContext context)
    {
        Return(request.CompletionToken);
        return Task.FromResult(new AbandonOrchestrationTaskResponse());
    }

    // What another worker has by now is refused.
    private void Release(string token)
    {
        lock (_gate)
        {
            if (!_streams.Exists(stream => stream.Held.Remove(token)) && _waiting.RemoveAll(item => item.CompletionToken == token) == 0)
            {
                throw new RpcException(new Status(StatusCode.NotFound, "The work item is not held by this worker."));
            }

            Send();
        }
    }

    private void Return(string token)
    {
        lock (_gate)
        {
            foreach (var stream in _streams)
            {
                if (stream.Held.Remove(token, out var item))
                {
                    _waiting.Add(item);
                    break;
                }
            }

            Send();
        }
    }

    // To the test host this hub is the one worker.
    private void Connect()
    {
        if (!_isConnected)
        {
            _isConnected = true;
            _ = base.GetWorkItems(new GetWorkItemsRequest { Capabilities = { WorkerCapability.HistoryStreaming } }, new Entry(this), new EndlessCall(_stopping));
        }
    }

    private void Add(WorkItem item)
    {
        lock (_gate)
        {
            _waiting.Add(item);
            Send();
        }
    }

    private void Send()
    {
        foreach (var item in _waiting.ToArray())
        {
            if (_streams.Find(stream => stream.Accepts(item, HeedsFilters)) is { } stream)
            {
                _waiting.Remove(item);

                // A new token each time: the answer of an earlier holder must not count.
                var sent = item.Clone();
                sent.CompletionToken = Guid.NewGuid().ToString("N");
                stream.Held.Add(sent.CompletionToken, sent);
                stream.Sent.Writer.TryWrite(sent);
                SentActivities += sent.ActivityRequest is null ? 0 : 1;
            }
        }
    }

    private sealed class WorkStream(GetWorkItemsRequest request)
    {
        public Channel<WorkItem> Sent { get; } = Channel.CreateUnbounded<WorkItem>();

        public Dictionary<string, WorkItem> Held { get; } = new(StringComparer.Ordinal);

        public bool Accepts(WorkItem item, bool heedsFilters) => item.ActivityRequest is { } activity
            ? (!heedsFilters || request.WorkItemFilters is null || request.WorkItemFilters.Activities.Any(filter => Is(filter.Name, activity.Name)))
                && Held.Values.Count(held => held.ActivityRequest is not null) < request.MaxConcurrentActivityWorkItems
            : (!heedsFilters || request.WorkItemFilters is null || request.WorkItemFilters.Orchestrations.Any(filter => NameOf(item.OrchestratorRequest) is not { } name || Is(filter.Name, name)))
                && Held.Values.Count(held => held.OrchestratorRequest is not null) < request.MaxConcurrentOrchestrationWorkItems;

        private static bool Is(string filter, string name) => string.Equals(filter, name, StringComparison.OrdinalIgnoreCase);

        // Null if the history is so long that it is sent apart.
        private static string? NameOf(OrchestratorRequest orchestrator) =>
            orchestrator.PastEvents.Concat(orchestrator.NewEvents).FirstOrDefault(item => item.ExecutionStarted is not null)?.ExecutionStarted.Name;
    }

    private sealed class Entry(RoutingTaskHub hub) : IServerStreamWriter<WorkItem>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(WorkItem message)
        {
            hub.Add(message);
            return Task.CompletedTask;
        }
    }
}
