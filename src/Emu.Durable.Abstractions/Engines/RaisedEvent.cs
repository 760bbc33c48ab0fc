using System.Globalization;
using System.Text.Json;

namespace Emu.Durable.Abstractions.Engines;

/// <summary>What an orchestration's history holds of an event: a queue or a repeated request may deliver it twice, and the id tells.</summary>
/// <param name="Id">One for each time that an event is raised.</param>
/// <param name="Payload">The payload.</param>
public sealed record RaisedEvent(string Id, JsonElement Payload)
{
    /// <summary>Writes an event, under a new id, whose payload is JSON.</summary>
    public static string Write(string payload) => string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{Guid.NewGuid():N}}","payload":{{payload}}}""");

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static RaisedEvent Read(string json) => JsonSerializer.Deserialize<RaisedEvent>(json, DurableJson.Options) ?? throw new JsonException("The event is null.");
}

/// <summary>An instance's events, each delivered once. Not thread-safe: used within the instance's turns only.</summary>
public sealed class RaisedEvents
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>The events that wait, and who waits for them.</summary>
    public EventMailbox Mailbox { get; } = new();

    /// <summary>Delivers an event, unless it was delivered before.</summary>
    /// <param name="name">The event's name.</param>
    /// <param name="raised">The event, as <see cref="RaisedEvent.Write"/> wrote it.</param>
    public void Deliver(string name, string raised)
    {
        var read = RaisedEvent.Read(raised);
        if (_seen.Add(read.Id))
        {
            Mailbox.Deliver(name, read.Payload.GetRawText());
        }
    }
}
