using System.Globalization;
using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Durable.AzureStorage.Orchestrations;

/// <summary>What an orchestration's history holds as an activity's input.</summary>
/// <param name="Attempt">The attempt under the retry policy, from 1.</param>
/// <param name="Input">The input.</param>
internal sealed record ActivityCall(int Attempt, JsonElement Input)
{
    public static string Write(int attempt, string input) => string.Create(CultureInfo.InvariantCulture, $$"""{"attempt":{{attempt}},"input":{{input}}}""");

    public static ActivityCall Read(string json) => JsonSerializer.Deserialize<ActivityCall>(json, DurableJson.Options)!;
}

/// <summary>What an orchestration's history holds of an event: a queue may deliver it twice, and the id tells.</summary>
/// <param name="Id">One for each time that an event is raised.</param>
/// <param name="Payload">The payload.</param>
internal sealed record RaisedEvent(string Id, JsonElement Payload)
{
    public static string Write(string payload) => string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{Guid.NewGuid():N}}","payload":{{payload}}}""");

    public static RaisedEvent Read(string json) => JsonSerializer.Deserialize<RaisedEvent>(json, DurableJson.Options)!;
}
