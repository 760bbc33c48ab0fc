using System.Text.Json;

namespace Emu.Pipeline.Webhooks;

/// <summary>The body of a delivery, in the shape Standard Webhooks recommends.</summary>
/// <param name="Type">The event's type.</param>
/// <param name="Timestamp">When it happened, ISO 8601.</param>
/// <param name="Data">The job it happened to.</param>
public sealed record WebhookBody(string Type, DateTimeOffset Timestamp, JsonElement Data);
