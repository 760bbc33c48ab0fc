using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Scheduler.Orchestrations;

/// <summary>An instance of an orchestration of the port, within the SDK: one object for each replay.</summary>
internal sealed class SchedulerOrchestrator(OrchestrationRegistry registry, ActivityRegistry activities) : TaskOrchestrator<string?, string>
{
    public override Task<string> RunAsync(TaskOrchestrationContext context, string? input) =>
        new SchedulerContext(context, registry, activities, new RaisedEvents(), context.CreateReplaySafeLogger<SchedulerEngine>()).RunAsync(context.Name.Name, context.Version, input);
}

/// <summary>The port's context over the SDK's.</summary>
internal sealed class SchedulerContext(TaskOrchestrationContext inner, OrchestrationRegistry registry, ActivityRegistry activities, RaisedEvents events, ILogger logger)
    : EngineContext(registry, events.Mailbox, logger)
{
    private readonly OrchestrationRegistry _registry = registry;
    private readonly HashSet<string> _heard = new(StringComparer.OrdinalIgnoreCase);

    public override string InstanceId => inner.InstanceId;

    public override DateTimeOffset CurrentTime => new(DateTime.SpecifyKind(inner.CurrentUtcDateTime, DateTimeKind.Utc));

    public override bool IsReplaying => inner.IsReplaying;

    public override void SetStatus(string status)
    {
        ArgumentNullException.ThrowIfNull(status);
        inner.SetCustomStatus(JsonSerializer.Serialize(status, DurableJson.Options));
    }

    // The SDK gives an event to a cancelled waiter, where it is lost: one waiter that is never cancelled passes events on.
    protected override void Listen(string name)
    {
        if (_heard.Add(name))
        {
            _ = PassOnAsync(name);
        }
    }

    // What is not registered fails here: workers say what they have, so nobody would take it.
    protected override Task<string> ActivityAsync(string name, string call) => activities.Find(name) is null
        ? throw new ActivityFailedException(activities.NotFound(name))
        : CallAsync(() => inner.CallActivityAsync<string>(new TaskName(name), call, new TaskOptions { Version = TaskVersion.Unversioned }), "internal_error");

    protected override Task<string> ChildAsync(string orchestration, string? version, string instanceId, string input)
    {
        if (version is null)
        {
            throw new ActivityFailedException(_registry.NotFound(orchestration));
        }

        var options = new SubOrchestrationOptions(instanceId: instanceId) { Version = new TaskVersion(version) };
        return CallAsync(() => inner.CallSubOrchestratorAsync<string>(new TaskName(orchestration), input, options), "terminated");
    }

    protected override Task TimerAsync(DateTime fireAt, CancellationToken cancellationToken) => inner.CreateTimer(fireAt, cancellationToken);

    private static async Task<string> CallAsync(Func<Task<string>> call, string withoutDetails)
    {
        try
        {
            return await call();
        }
        catch (TaskFailedException exception)
        {
            var failure = FailureMessage.Read(exception.FailureDetails?.ErrorMessage ?? exception.Message, exception.FailureDetails is null ? withoutDetails : "internal_error");
            throw new ActivityFailedException(failure, exception);
        }
    }

    private async Task PassOnAsync(string name)
    {
        while (true)
        {
            events.Deliver(name, await inner.WaitForExternalEvent<string>(name));
        }
    }
}
