using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Emu.Durable.Scheduler.Connection;
using Emu.Functions.Settings;
using Grpc.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Emu.Functions.Durable;

/// <summary>How the app takes part in the host's hub, whose name host.json gives.</summary>
public sealed record FunctionsEngineOptions : SharedEngineOptions
{
    /// <summary>The name that the artifacts' containers begin with.</summary>
    public override string TaskHub { get; init; } = FunctionsOptions.TaskHub;
}

/// <summary>The durable port on Durable Functions: functions pass their orchestrations and activities on to it, and it is the client.</summary>
public sealed class FunctionsEngine : SharedEngine<FunctionsEngine>
{
    private readonly FunctionsClient _client;
    private readonly ILoggerFactory _loggers;
    private readonly ActivityInvoker _invoker;
    private readonly Dictionary<string, SemaphoreSlim> _groups;

    /// <summary>Creates the engine.</summary>
    /// <param name="options">How many activities run at once.</param>
    /// <param name="client">The client of the host's extension.</param>
    /// <param name="loggers">Makes loggers.</param>
    public FunctionsEngine(FunctionsEngineOptions options, FunctionsClient client, ILoggerFactory loggers)
        : base(options, loggers.CreateLogger<FunctionsEngine>())
    {
        _client = client;
        _loggers = loggers;
        _invoker = new ActivityInvoker(Activities, Logger);
        _groups = Activities.Groups.ToDictionary(group => group.Key, group => new SemaphoreSlim(group.Value), StringComparer.Ordinal);
    }

    /// <summary>Runs an orchestration function.</summary>
    /// <param name="name">The orchestration.</param>
    /// <param name="context">The function's context.</param>
    /// <returns>The result.</returns>
    /// <exception cref="FailureMessageException">The instance fails.</exception>
    public async Task<JsonElement> RunAsync(string name, TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var input = context.GetInput<JsonElement>();
        var port = new FunctionsContext(context, Orchestrations, context.CreateReplaySafeLogger<FunctionsEngine>());
        var output = await port.RunAsync(name, VersionOf(name, context), input.ValueKind == JsonValueKind.Undefined ? null : input.GetRawText());
        return JsonSerializer.Deserialize<JsonElement>(output, DurableJson.Options);
    }

    /// <summary>Runs an activity function.</summary>
    /// <param name="name">The activity.</param>
    /// <param name="call">The call, as <see cref="ActivityCall"/> writes it.</param>
    /// <param name="context">The function's invocation; its token is cancelled when the host stops.</param>
    /// <param name="client">The host's client.</param>
    /// <returns>What the calling orchestration reads.</returns>
    /// <exception cref="OperationCanceledException">The host stops: it gives the activity back.</exception>
    public async Task<JsonElement> RunAsync(string name, JsonElement call, FunctionContext context, DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(context);
        _client.Use(client);
        var instance = context.BindingContext.BindingData.GetValueOrDefault("instanceId") as string ?? "";
        var result = await RunInGroupAsync(name, instance, call.Deserialize<ActivityCall>(DurableJson.Options)!, context.CancellationToken);
        return result.IsInterrupted ? throw new OperationCanceledException("The host stops.", context.CancellationToken) : ActivityAnswer.Write(result);
    }

    /// <inheritdoc/>
    protected override Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override Task CloseAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    protected override ValueTask DisposeCoreAsync()
    {
        foreach (var group in _groups.Values)
        {
            group.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task<bool> StartInstanceAsync(IOrchestration code, string instanceId, string input, CancellationToken cancellationToken)
    {
        // The host refuses to replace an instance that runs, and replaces one that has ended.
        var instances = Instances();
        if (await instances.FindStatusAsync(instanceId, cancellationToken) is not null)
        {
            return false;
        }

        try
        {
            return await instances.StartAsync(code, instanceId, input, cancellationToken);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.AlreadyExists)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    protected override Task<OrchestrationStatus?> FindStatusAsync(string instanceId, CancellationToken cancellationToken) => Instances().FindStatusAsync(instanceId, cancellationToken);

    /// <inheritdoc/>
    protected override Task RaiseAsync(string instanceId, string eventName, string raised, CancellationToken cancellationToken) => Instances().RaiseAsync(instanceId, eventName, raised, cancellationToken);

    /// <inheritdoc/>
    protected override Task EndInstanceAsync(string instanceId, string reason, CancellationToken cancellationToken) => Instances().TerminateAsync(instanceId, reason, cancellationToken);

    /// <inheritdoc/>
    protected override Task<bool> RemoveInstanceAsync(string instanceId, CancellationToken cancellationToken) => Instances().PurgeAsync(instanceId, cancellationToken);

    /// <inheritdoc/>
    protected override DurableEngineUnavailableException? Translate(Exception exception) => exception is RpcException { StatusCode: not StatusCode.Cancelled }
        ? new DurableEngineUnavailableException($"The Functions host's durable extension did not answer: {exception.Message}", exception)
        : null;

    // A host without versions of its own says nothing: the current one is then the instance's.
    private string VersionOf(string name, TaskOrchestrationContext context) =>
        context.Version is { Length: > 0 } version ? version : Orchestrations.TryGetCurrent(name, out var current) ? current.Version : "";

    private async Task<ActivityResult> RunInGroupAsync(string name, string instance, ActivityCall call, CancellationToken cancellationToken)
    {
        if (Activities.Find(name) is not { } registration)
        {
            return new ActivityResult(null, Activities.NotFound(name));
        }

        var group = _groups[registration.Group];
        await group.WaitAsync(cancellationToken);
        try
        {
            return await _invoker.RunAsync(instance, name, call, cancellationToken);
        }
        finally
        {
            group.Release();
        }
    }

    private SdkInstances Instances() => new(_client.Current, json => JsonSerializer.Deserialize<JsonElement>(json, DurableJson.Options), isRecursive: false);
}
