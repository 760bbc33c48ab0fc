namespace Emu.Pipeline.Webhooks;

/// <summary>A webhook's host has no public address.</summary>
public sealed class WebhookAddressRefusedException(string host)
    : Exception($"'{host}' has no public address; webhooks are not sent into the private network.");
