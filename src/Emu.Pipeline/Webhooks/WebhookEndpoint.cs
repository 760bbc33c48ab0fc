namespace Emu.Pipeline.Webhooks;

/// <summary>An address that is told when jobs end.</summary>
public sealed record WebhookEndpoint
{
    /// <summary><c>we_</c> and a UUIDv7.</summary>
    public required string Id { get; init; }

    /// <summary>Whose jobs it hears of.</summary>
    public required string Owner { get; init; }

    /// <summary>Where deliveries are posted.</summary>
    public required Uri Url { get; init; }

    /// <summary>The events it hears of, out of <see cref="WebhookEventTypes.All"/>.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>What its owner wrote about it.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it still hears of events.</summary>
    public required WebhookEndpointStatus Status { get; init; }

    /// <summary>Why it was disabled, if it was.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its secrets, newest first.</summary>
    public required IReadOnlyList<WebhookSigningSecret> Secrets { get; init; }
}

/// <summary>Whether an endpoint hears of events.</summary>
public enum WebhookEndpointStatus
{
    /// <summary>It does.</summary>
    Active,

    /// <summary>It was switched off, by its owner or by answering 410 Gone.</summary>
    Disabled,
}
