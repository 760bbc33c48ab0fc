namespace Emu.Api.Webhooks;

/// <summary>The secret that signs deliveries to jobs' own <c>webhook_url</c>.</summary>
/// <param name="Object">Always <c>webhook_secret</c>.</param>
/// <param name="Secret">The secret, <c>whsec_…</c>.</param>
/// <param name="CreatedAt">When it was made, unix seconds.</param>
public sealed record WebhookSecretResource(string Object, string Secret, long CreatedAt);
