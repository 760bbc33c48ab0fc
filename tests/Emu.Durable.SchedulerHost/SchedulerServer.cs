using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.DurableTask.Testing.Sidecar;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using DurableTask.Core;

namespace Emu.Durable.SchedulerHost;

/// <summary>
/// A scheduler for tests: the gRPC service of Microsoft's in-process test host, in memory, on a port of its own, with
/// <see cref="RoutingTaskHub"/> before it. It knows one task hub.
/// </summary>
public sealed class SchedulerServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SchedulerServer(WebApplication app, Requests requests)
    {
        _app = app;
        Requests = requests;
        Endpoint = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Hub = app.Services.GetRequiredService<RoutingTaskHub>();
    }

    /// <summary>Its address.</summary>
    public Uri Endpoint { get; }

    /// <summary>The hub.</summary>
    public RoutingTaskHub Hub { get; }

    /// <summary>What it was asked.</summary>
    public Requests Requests { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="taskHub">The name of its hub; requests that name another one are answered with NotFound.</param>
    public static async Task<SchedulerServer> StartAsync(string taskHub)
    {
        var requests = new Requests(taskHub);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = options.MaxSendMessageSize = 32 << 20;
            options.Interceptors.Add<RequestLog>(requests);
        });
        var service = new InMemoryOrchestrationService(null);
        builder.Services.AddSingleton<IOrchestrationService>(service).AddSingleton<IOrchestrationServiceClient>(service).AddSingleton<RoutingTaskHub>();
        var app = builder.Build();
        app.MapGrpcService<RoutingTaskHub>();
        await app.StartAsync();
        return new SchedulerServer(app, requests);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Work that nobody does would be waited for.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}

/// <summary>What a server was asked: the metadata of calls.</summary>
/// <param name="taskHub">The hub that it knows.</param>
public sealed class Requests(string taskHub)
{
    /// <summary>The calls in the order in which they came.</summary>
    public ConcurrentQueue<Call> Calls { get; } = new();

    /// <summary>Notes a call.</summary>
    /// <exception cref="RpcException">It names another hub.</exception>
    public void Add(object? request, ServerCallContext context)
    {
        string? Value(string key) => context.RequestHeaders.GetValue(key);
        var call = new Call(context.Method[(context.Method.LastIndexOf('/') + 1)..], request, Value("taskhub"), Value("workerid"), Value("x-user-agent"), Value("authorization"));
        Calls.Enqueue(call);
        if (call.TaskHub != taskHub)
        {
            throw new RpcException(new Status(StatusCode.NotFound, $"There is no task hub '{call.TaskHub}'."));
        }
    }
}

/// <summary>A call.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Message">The message, if there is one alone.</param>
/// <param name="TaskHub">The metadata <c>taskhub</c>.</param>
/// <param name="WorkerId">The metadata <c>workerid</c>.</param>
/// <param name="UserAgent">The metadata <c>x-user-agent</c>.</param>
/// <param name="Authorization">The metadata <c>authorization</c>.</param>
public sealed record Call(string Method, object? Message, string? TaskHub, string? WorkerId, string? UserAgent, string? Authorization);

internal sealed class RequestLog(Requests requests) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        requests.Add(request, context);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        requests.Add(request, context);
        return continuation(request, responseStream, context);
    }
}
