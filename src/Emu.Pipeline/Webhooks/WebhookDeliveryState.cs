namespace Emu.Pipeline.Webhooks;

/// <summary>Where a delivery stands.</summary>
public enum WebhookDeliveryState
{
    /// <summary>To be attempted, for the first time or again.</summary>
    Pending,

    /// <summary>Answered with 2xx; never sent again unless replayed by hand.</summary>
    Delivered,

    /// <summary>Given up: a dead letter, kept to be replayed.</summary>
    Dead,
}
