namespace Emu.Pipeline.Webhooks;

/// <summary>One event for one address, and what came of telling it.</summary>
public sealed record WebhookDelivery
{
    /// <summary>The message's id, sent as <c>webhook-id</c> with every attempt and replay.</summary>
    public required string Id { get; init; }

    /// <summary>Whose job it is about.</summary>
    public required string Owner { get; init; }

    /// <summary>The endpoint's id, or <see cref="WebhookTarget.Default"/> for a job's own <c>webhook_url</c>.</summary>
    public required string Target { get; init; }

    /// <summary>Where it is posted.</summary>
    public required Uri Url { get; init; }

    /// <summary>The event's type.</summary>
    public required string EventType { get; init; }

    /// <summary>The job it is about.</summary>
    public required string JobId { get; init; }

    /// <summary>The exact body, so that every attempt sends the same bytes.</summary>
    public required string Body { get; init; }

    /// <summary>When the event happened, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where it stands.</summary>
    public required WebhookDeliveryState State { get; init; }

    /// <summary>How often it was replayed by hand.</summary>
    public int Replays { get; init; }

    /// <summary>The attempts made, oldest first.</summary>
    public IReadOnlyList<WebhookAttempt> Attempts { get; init; } = [];
}
