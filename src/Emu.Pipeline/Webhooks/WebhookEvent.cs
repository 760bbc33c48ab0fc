using System.Text.Json;

namespace Emu.Pipeline.Webhooks;

/// <summary>Something that happened to a job, to be told.</summary>
/// <param name="Owner">The job's owner.</param>
/// <param name="JobId">The job.</param>
/// <param name="Type">One of <see cref="WebhookEventTypes.All"/>.</param>
/// <param name="At">When it happened, UTC: fixed with the job's end, so that announcing it again is the same event.</param>
/// <param name="Data">What is told of the job; small.</param>
/// <param name="Url">The job's own address, if it has one.</param>
public sealed record WebhookEvent(string Owner, string JobId, string Type, DateTimeOffset At, JsonElement Data, Uri? Url);
