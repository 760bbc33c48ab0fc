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
