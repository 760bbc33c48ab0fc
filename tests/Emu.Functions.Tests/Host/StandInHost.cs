using System.Reflection;
using System.Text.Json;
using Emu.Durable.SchedulerHost;
using Emu.Functions.Durable;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Grpc;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RetryContext = Microsoft.Azure.Functions.Worker.RetryContext;

namespace Emu.Functions.Tests.Host;

/// <summary>
/// Stands in for the durable part of a Functions host: calls the app's orchestration and activity functions by the names in their
/// attributes, over the gRPC service of Microsoft's in-process test host. Payloads are written by System.Text.Json, as the host's are.
/// </summary>
public sealed class StandInHost : IAsyncDisposable
{
    private const string TaskHub = "functions";

    private readonly SchedulerServer _server;
    private readonly ServiceProvider _services;
    private readonly GrpcChannel _channel;
    private readonly CancellationTokenSource _stopping;

    private StandInHost(SchedulerServer server, ServiceProvider services, GrpcChannel channel, DurableTaskClient client, CancellationTokenSource stopping, Problems problems)
    {
        _server = server;
        _services = services;
        _channel = channel;
        _stopping = stopping;
        Client = client;
        Problems = problems;
    }

    /// <summary>What functions get as their durable client.</summary>
    public DurableTaskClient Client { get; }

    /// <summary>What its worker complained about.</summary>
    public Problems Problems { get; }

    /// <summary>Starts a host for functions that delegates stand for.</summary>
    /// <param name="orchestrations">Orchestration functions by name.</param>
    /// <param name="activities">Activity functions by name.</param>
    public static async Task<StandInHost> StartAsync(
        IReadOnlyDictionary<string, Func<TaskOrchestrationContext, Task<JsonElement>>> orchestrations,
        IReadOnlyDictionary<string, Func<JsonElement, FunctionContext, DurableTaskClient, Task<JsonElement>>> activities)
    {
        var server = await SchedulerServer.StartAsync(TaskHub);
        var channel = GrpcChannel.ForAddress(server.Endpoint);
        var invoker = channel.Intercept(metadata =>
        {
            metadata.Add("taskhub", TaskHub);
            return metadata;
        });
        var client = new GrpcDurableTaskClient("functions", new GrpcDurableTaskClientOptions { CallInvoker = invoker }, NullLogger.Instance);
        var stopping = new CancellationTokenSource();
        var services = new ServiceCollection();
        var problems = new Problems();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(problems));
        services.AddDurableTaskWorker(builder => builder
            .AddTasks(tasks =>
            {
                foreach (var (name, run) in orchestrations)
                {
                    tasks.AddOrchestrator(new TaskName(name), () => new Orchestrator(run));
                }

                foreach (var (name, run) in activities)
                {
                    tasks.AddActivity(new TaskName(name), new Activity(call => run(call.Input, new Invocation(call.InstanceId, stopping.Token), client)));
                }
            })
            .UseWorkItemFilters(new DurableTaskWorkerWorkItemFilters
            {
                Orchestrations = [.. orchestrations.Keys.Select(name => new DurableTaskWorkerWorkItemFilters.OrchestrationFilter(name, []))],
                Activities = [.. activities.Keys.Select(name => new DurableTaskWorkerWorkItemFilters.ActivityFilter(name, []))],
            })
            .UseGrpc(options => options.CallInvoker = invoker));
        var provider = services.BuildServiceProvider();
        foreach (var worker in provider.GetServices<IHostedService>())
        {
            await worker.StartAsync(CancellationToken.None);
        }

        return new StandInHost(server, provider, channel, client, stopping, problems);
    }

    /// <summary>Starts a host for all orchestration and activity functions of the app.</summary>
    /// <param name="app">The app's services.</param>
    public static Task<StandInHost> StartAsync(IServiceProvider app)
    {
        var functions = typeof(FunctionsEngine).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Select(method => (Method: method, Name: method.GetCustomAttribute<FunctionAttribute>()?.Name))
            .Where(function => function.Name is not null)
            .ToList();
        var orchestrations = functions.Where(function => HasTrigger<OrchestrationTriggerAttribute>(function.Method)).ToDictionary(
            function => function.Name!,
            function => new Func<TaskOrchestrationContext, Task<JsonElement>>(context => Invoke(app, function.Method, context)));
        var activities = functions.Where(function => HasTrigger<ActivityTriggerAttribute>(function.Method)).ToDictionary(
            function => function.Name!,
            function => new Func<JsonElement, FunctionContext, DurableTaskClient, Task<JsonElement>>((call, context, client) => Invoke(app, function.Method, call, context, client)));
        return StartAsync(orchestrations, activities);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        foreach (var worker in _services.GetServices<IHostedService>())
        {
            await worker.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
        await Client.DisposeAsync();
        _channel.Dispose();
        await _server.DisposeAsync();
        _stopping.Dispose();
    }

    private static bool HasTrigger<TAttribute>(MethodInfo method)
        where TAttribute : Attribute => method.GetParameters().Any(parameter => parameter.GetCustomAttribute<TAttribute>() is not null);

    private static Task<JsonElement> Invoke(IServiceProvider app, MethodInfo method, params object[] arguments) =>
        (Task<JsonElement>)method.Invoke(ActivatorUtilities.CreateInstance(app, method.DeclaringType!), arguments)!;

    private sealed class Orchestrator(Func<TaskOrchestrationContext, Task<JsonElement>> run) : TaskOrchestrator<JsonElement, JsonElement>
    {
        public override Task<JsonElement> RunAsync(TaskOrchestrationContext context, JsonElement input) => run(context);
    }

    private sealed class Activity(Func<(string InstanceId, JsonElement Input), Task<JsonElement>> run) : TaskActivity<JsonElement, JsonElement>
    {
        public override Task<JsonElement> RunAsync(TaskActivityContext context, JsonElement input) => run((context.InstanceId, input));
    }

    private sealed class Invocation(string instanceId, CancellationToken cancellationToken) : FunctionContext
    {
        public override string InvocationId => "invocation";

        public override string FunctionId => "function";

        public override TraceContext TraceContext => throw new NotSupportedException();

        public override BindingContext BindingContext { get; } = new Bindings(instanceId);

        public override RetryContext RetryContext => throw new NotSupportedException();

        public override IServiceProvider InstanceServices { get; set; } = null!;

        public override FunctionDefinition FunctionDefinition => throw new NotSupportedException();

        public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

        public override IInvocationFeatures Features => throw new NotSupportedException();

        public override CancellationToken CancellationToken => cancellationToken;
    }

    private sealed class Bindings(string instanceId) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } = new Dictionary<string, object?> { ["instanceId"] = instanceId };
    }
}
