using System.Text.Json;
using DurableTask.Core;
using DurableTask.Core.Serializing;
using Emu.Durable.Abstractions;
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
    private readonly EventMailbox _mailbox = new();
    private readonly HashSet<string> _raised = new(StringComparer.Ordinal);
    private PortContext? _context;

    public override async Task<string> Execute(OrchestrationContext context, string input)
    {
        context.MessageDataConverter = RawJson.Instance;
        _context = new PortContext(context, registry, _mailbox, logger);
        try
        {
            var code = registry.Find(name, version) ?? throw new ActivityFailedException(
                registry.TryGetCurrent(name, out _) ? registry.VersionNotFound(name, version) : registry.NotFound(name));
            var output = await code.RunAsync(_context, JsonSerializer.Deserialize<JsonElement>(input ?? "null", DurableJson.Options));
            return Payload.Serialize(output, $"result of orchestration '{name}'");
        }
        catch (Exception exception)
        {
            // Any exception of an orchestration's code ends its instance.
            throw PortFailureException.From(exception);
        }
    }

    public override void RaiseEvent(OrchestrationContext context, string eventName, string input)
    {
        var raised = RaisedEvent.Read(input);
        if (_raised.Add(raised.Id))
        {
            _mailbox.Deliver(eventName, raised.Payload.GetRawText());
        }
    }

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
