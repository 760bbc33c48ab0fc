namespace Emu.Pipeline.Webhooks;

/// <summary>Names a delivery: whose it is, for which target, and its id.</summary>
/// <param name="Owner">The job's owner.</param>
/// <param name="Target">An endpoint's id or <see cref="Default"/>.</param>
/// <param name="DeliveryId">The message's id.</param>
/// <param name="Replay">0 for the delivery itself, then 1 for its first replay and so on.</param>
public sealed record WebhookTarget(string Owner, string Target, string DeliveryId, int Replay = 0)
{
    /// <summary>The target of deliveries to a job's own <c>webhook_url</c>, signed with the owner's default secret.</summary>
    public const string Default = "default";

    /// <summary>The orchestration instance that delivers it; the same event for the same target is the same instance.</summary>
    public string InstanceId => Replay == 0 ? $"webhook.{Target}.{DeliveryId}" : $"webhook.{Target}.{DeliveryId}.replay{Replay}";
}
