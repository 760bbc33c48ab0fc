namespace Emu.Pipeline.Webhooks;

/// <summary>A URL that is notified when an owner's jobs end.</summary>
public sealed record WebhookEndpoint
{
    /// <summary>What every id begins with.</summary>
    public const string IdPrefix = "we_";

    /// <summary><see cref="IdPrefix"/> and a UUIDv7.</summary>
    public required string Id { get; init; }

    /// <summary>The owner of the jobs.</summary>
    public required string Owner { get; init; }

    /// <summary>The URL that deliveries are posted to.</summary>
    public required Uri Url { get; init; }

    /// <summary>The events it subscribes to, out of <see cref="WebhookEventTypes.All"/>.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>The owner's description of it.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it is notified.</summary>
    public required WebhookEndpointStatus Status { get; init; }

    /// <summary>Why it was disabled, if it was.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its secrets, newest first.</summary>
    public required IReadOnlyList<WebhookSigningSecret> Secrets { get; init; }
}

/// <summary>Whether an endpoint is notified of events.</summary>
public enum WebhookEndpointStatus
{
    /// <summary>It is notified.</summary>
    Active,

    /// <summary>It was switched off, by its owner or by responding with 410 Gone.</summary>
    Disabled,
}
