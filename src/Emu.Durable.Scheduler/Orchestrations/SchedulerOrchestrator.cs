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

/// <summary>The port's context within the SDK's own worker, whose payloads are text.</summary>
internal sealed class SchedulerContext(TaskOrchestrationContext inner, OrchestrationRegistry registry, ActivityRegistry activities, RaisedEvents events, ILogger logger)
    : SdkContext<string>(inner, registry, events, logger)
{
    protected override string Write(string json) => json;

    protected override string Read(string? payload) => payload!;

    // What is not registered fails here: workers say what they have, so nobody would take it.
    protected override Task<string> ActivityAsync(string name, string call) =>
        activities.Find(name) is null ? throw new ActivityFailedException(activities.NotFound(name)) : base.ActivityAsync(name, call);
}
