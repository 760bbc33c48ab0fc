namespace Emu.Pipeline.Webhooks;

/// <summary>Whether an endpoint hears of events.</summary>
public enum WebhookEndpointStatus
{
    /// <summary>It does.</summary>
    Active,

    /// <summary>It was switched off, by its owner or by answering 410 Gone.</summary>
    Disabled,
}
