using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.Scheduler.Orchestrations;

/// <summary>The port's context over that of Microsoft's SDK, which its own worker and Durable Functions share.</summary>
/// <typeparam name="TPayload">What a payload is there, such that it is written as the JSON that it is.</typeparam>
/// <param name="inner">The SDK's context.</param>
/// <param name="registry">The registered orchestrations.</param>
/// <param name="events">The instance's events.</param>
/// <param name="logger">Gets what orchestrations log.</param>
public abstract class SdkContext<TPayload>(TaskOrchestrationContext inner, OrchestrationRegistry registry, RaisedEvents events, ILogger logger)
    : EngineContext(registry, events.Mailbox, logger)
{
    private readonly OrchestrationRegistry _registry = registry;
    private readonly HashSet<string> _heard = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string InstanceId => inner.InstanceId;

    /// <inheritdoc/>
    public override DateTimeOffset CurrentTime => new(DateTime.SpecifyKind(inner.CurrentUtcDateTime, DateTimeKind.Utc));

    /// <inheritdoc/>
    public override bool IsReplaying => inner.IsReplaying;

    /// <inheritdoc/>
    public override void SetStatus(string status)
    {
        ArgumentNullException.ThrowIfNull(status);
        inner.SetCustomStatus(Write(JsonSerializer.Serialize(status, DurableJson.Options)));
    }

    /// <summary>A payload from JSON.</summary>
    protected abstract TPayload Write(string json);

    /// <summary>A payload as JSON.</summary>
    protected abstract string Read(TPayload? payload);

    /// <summary>The name under which workers have an activity; by default its own.</summary>
    protected virtual string NameOf(string activity) => activity;

    /// <summary>The failure in an exception of an activity or a child.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="isActivity">Whether it is an activity's.</param>
    protected virtual ActivityFailure Explain(TaskFailedException exception, bool isActivity)
    {
        ArgumentNullException.ThrowIfNull(exception);

        // A terminated child comes without details.
        var otherwise = exception.FailureDetails is null && !isActivity ? "terminated" : "internal_error";
        return FailureMessage.Read(exception.FailureDetails?.ErrorMessage ?? exception.Message, otherwise);
    }

    /// <inheritdoc/>
    protected override async Task<string> ActivityAsync(string name, string call)
    {
        try
        {
            var options = new TaskOptions { Version = TaskVersion.Unversioned };
            return Read(await inner.CallActivityAsync<TPayload>(new TaskName(NameOf(name)), Write(call), options));
        }
        catch (TaskFailedException exception)
        {
            throw new ActivityFailedException(Explain(exception, isActivity: true), exception);
        }
    }

    /// <inheritdoc/>
    protected override async Task<string> ChildAsync(string orchestration, string? version, string instanceId, string input)
    {
        if (version is null)
        {
            throw new ActivityFailedException(_registry.NotFound(orchestration));
        }

        try
        {
            var options = new SubOrchestrationOptions(instanceId: instanceId) { Version = new TaskVersion(version) };
            return Read(await inner.CallSubOrchestratorAsync<TPayload>(new TaskName(orchestration), Write(input), options));
        }
        catch (TaskFailedException exception)
        {
            throw new ActivityFailedException(Explain(exception, isActivity: false), exception);
        }
    }

    /// <inheritdoc/>
    protected override Task TimerAsync(DateTime fireAt, CancellationToken cancellationToken) => inner.CreateTimer(fireAt, cancellationToken);

    // The SDK gives an event to a cancelled waiter, where it is lost: one waiter that is never cancelled passes events on.
    /// <inheritdoc/>
    protected override void Listen(string name)
    {
        if (_heard.Add(name))
        {
            _ = PassOnAsync(name);
        }
    }

    private async Task PassOnAsync(string name)
    {
        while (true)
        {
            events.Deliver(name, Read(await inner.WaitForExternalEvent<TPayload>(name)));
        }
    }
}
