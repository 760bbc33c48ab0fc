using System.Text.Json;

namespace Emu.Pipeline.Orchestration;

/// <summary>One call of an activity.</summary>
/// <param name="InstanceId">The calling instance.</param>
/// <param name="Name">The activity's name.</param>
/// <param name="Attempt">Which call under the retry policy this is, from 1. Redelivery of one call does not count.</param>
/// <param name="Input">The input, as text.</param>
public sealed record ActivityInvocation(string InstanceId, string Name, int Attempt, JsonElement Input);
