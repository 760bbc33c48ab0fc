using DurableTask.Core;
using DurableTask.Core.Serializing;
using Emu.Durable.Abstractions.Engines;
using Microsoft.Extensions.Logging;

namespace Emu.Durable.AzureStorage.Orchestrations;

/// <summary>The registered orchestrations, as DurableTask asks for them: one object an instance.</summary>
internal sealed class PortOrchestrations(OrchestrationRegistry registry, ILogger logger) : INameVersionObjectManager<TaskOrchestration>
{
    public void Add(ObjectCreator<TaskOrchestration> creator) => throw new NotSupportedException("Orchestrations are registered with the engine.");

    public TaskOrchestration GetObject(string name, string? version) => new PortOrchestration(registry, name, version ?? "", logger);
}

/// <summary>No activities: they are not DurableTask's here.</summary>
internal sealed class NoActivities : INameVersionObjectManager<TaskActivity>
{
    public void Add(ObjectCreator<TaskActivity> creator) => throw new NotSupportedException("Activities are registered with the engine.");

    public TaskActivity? GetObject(string name, string? version) => null;
}

/// <summary>An instance of an orchestration of the port, within DurableTask.</summary>
internal sealed class PortOrchestration(OrchestrationRegistry registry, string name, string version, ILogger logger) : TaskOrchestration
{
    private readonly RaisedEvents _events = new();
    private PortContext? _context;

    public override async Task<string> Execute(OrchestrationContext context, string input)
    {
        context.MessageDataConverter = RawJson.Instance;
        _context = new PortContext(context, registry, _events.Mailbox, logger);
        return await _context.RunAsync(name, version, input);
    }

    public override void RaiseEvent(OrchestrationContext context, string eventName, string input) => _events.Deliver(eventName, input);

    public override string? GetStatus() => _context?.Status;
}

/// <summary>The port's payloads are JSON already; DurableTask must not wrap them a second time.</summary>
internal sealed class RawJson : JsonDataConverter
{
    public static RawJson Instance { get; } = new();

    public override string Serialize(object value) => Serialize(value, formatted: false);

    public override string Serialize(object value, bool formatted) => value switch
    {
        string json => json,
        object[] { Length: 1 } parameters when parameters[0] is string json => json,
        _ => base.Serialize(value, formatted),
    };

    public override object? Deserialize(string data, Type objectType) => objectType == typeof(string) ? data : base.Deserialize(data, objectType);
}
