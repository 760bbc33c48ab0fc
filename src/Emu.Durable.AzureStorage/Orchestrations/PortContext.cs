using DurableTask.Core;
using DurableTask.Core.Exceptions;
using Emu.Durable.Abstractions;
using Emu.Durable.Abstractions.Engines;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.AzureStorage.Orchestrations;

/// <summary>The port's context over DurableTask's.</summary>
internal sealed class PortContext(OrchestrationContext inner, OrchestrationRegistry registry, EventMailbox mailbox, ILogger logger) : EngineContext(registry, mailbox, logger)
{
    public override string InstanceId => inner.OrchestrationInstance.InstanceId;

    public override DateTimeOffset CurrentTime => new(DateTime.SpecifyKind(inner.CurrentUtcDateTime, DateTimeKind.Utc));

    public override bool IsReplaying => inner.IsReplaying;

    /// <summary>The text last given to <see cref="SetStatus"/>.</summary>
    public string? Status { get; private set; }

    public override void SetStatus(string status)
    {
        ArgumentNullException.ThrowIfNull(status);
        Status = status;
    }

    protected override async Task<string> ActivityAsync(string name, string call)
    {
        try
        {
            return await inner.ScheduleTask<string>(name, version: "", call);
        }
        catch (TaskFailedException exception)
        {
            throw new ActivityFailedException(FailureMessage.Read(exception.FailureDetails?.ErrorMessage ?? exception.Message, "internal_error"), exception);
        }
    }

    protected override async Task<string> ChildAsync(string orchestration, string? version, string instanceId, string input)
    {
        try
        {
            return await inner.CreateSubOrchestrationInstance<string>(orchestration, version ?? "", instanceId, input);
        }
        catch (SubOrchestrationFailedException exception)
        {
            // A terminated child comes without details.
            var otherwise = exception.FailureDetails is null ? "terminated" : "internal_error";
            throw new ActivityFailedException(FailureMessage.Read(exception.FailureDetails?.ErrorMessage ?? exception.Message, otherwise), exception);
        }
    }

    // A queue counts delays in whole seconds and cuts off the rest, so a timer asked for a second later is never early.
    protected override Task TimerAsync(DateTime fireAt, CancellationToken cancellationToken) =>
        inner.CreateTimer<object?>(fireAt > inner.CurrentUtcDateTime ? fireAt.AddSeconds(1) : fireAt, null, cancellationToken);
}
