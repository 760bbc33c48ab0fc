using System.Text.Json;
using Emu.Durable.Abstractions;

namespace Emu.Pipeline.Webhooks;

/// <summary>
/// Makes one attempt at a delivery and records it. Does nothing once a 2xx is recorded; a crash between the answer and the
/// record repeats the attempt under the same <c>webhook-id</c>.
/// </summary>
public sealed class WebhookAttemptActivity(WebhookStore store, WebhookSender sender, TimeProvider time) : IActivity
{
    /// <summary>The name the orchestration calls it by.</summary>
    public const string ActivityName = "webhook.attempt";

    /// <inheritdoc/>
    public string Name => ActivityName;

    /// <inheritdoc/>
    public async Task<JsonElement> RunAsync(ActivityInvocation invocation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        var input = invocation.Input.Deserialize<WebhookAttemptInput>(PipelineJson.Options)!;
        var result = await AttemptAsync(input, cancellationToken);
        return JsonSerializer.SerializeToElement(result, PipelineJson.Options);
    }

    private async Task<WebhookAttemptResult> AttemptAsync(WebhookAttemptInput input, CancellationToken cancellationToken)
    {
        var target = input.Target;
        var delivery = await store.FindDeliveryAsync(target.Owner, target.Target, target.DeliveryId, cancellationToken);
        if (delivery is null || delivery.State != WebhookDeliveryState.Pending || delivery.Replays != target.Replay)
        {
            return new WebhookAttemptResult(Ended: true, RetryAfter: null);
        }

        var (secrets, obstacle) = await FindSecretsAsync(target, cancellationToken);
        if (obstacle is not null)
        {
            await RecordAsync(target, new WebhookAttempt(time.GetUtcNow(), null, obstacle, 0), WebhookDeliveryState.Dead, cancellationToken);
            return new WebhookAttemptResult(Ended: true, RetryAfter: null);
        }

        var answer = await sender.SendAsync(delivery, secrets, cancellationToken);
        var gone = answer.Attempt.StatusCode == 410;
        var state = answer.Attempt.Succeeded ? WebhookDeliveryState.Delivered
            : gone || input.Last ? WebhookDeliveryState.Dead
            : WebhookDeliveryState.Pending;
        if (gone)
        {
            // First: a delivery that has ended is not tried again, so what comes after it could be lost.
            await store.UpdateEndpointAsync(
                target.Owner,
                target.Target,
                endpoint => endpoint with { Status = WebhookEndpointStatus.Disabled, DisabledReason = "It answered 410 Gone." },
                cancellationToken);
        }

        await RecordAsync(target, answer.Attempt, state, cancellationToken);
        return new WebhookAttemptResult(state != WebhookDeliveryState.Pending, answer.RetryAfter?.TotalSeconds);
    }

    private async Task<(IReadOnlyList<WebhookSecret> Secrets, string? Obstacle)> FindSecretsAsync(WebhookTarget target, CancellationToken cancellationToken)
    {
        IReadOnlyList<WebhookSigningSecret> stored;
        if (target.Target == WebhookTarget.Default)
        {
            stored = await store.GetDefaultSecretsAsync(target.Owner, cancellationToken);
        }
        else
        {
            var endpoint = await store.FindEndpointAsync(target.Owner, target.Target, cancellationToken);
            if (endpoint is not { Status: WebhookEndpointStatus.Active })
            {
                return ([], "The endpoint is disabled.");
            }

            stored = endpoint.Secrets;
        }

        var now = time.GetUtcNow();
        return ([.. stored.Where(secret => secret.SignsAt(now)).Select(secret => WebhookSecret.Parse(secret.Secret))], null);
    }

    private Task<WebhookDelivery?> RecordAsync(WebhookTarget target, WebhookAttempt attempt, WebhookDeliveryState state, CancellationToken cancellationToken) =>
        store.UpdateDeliveryAsync(
            target,
            // A 2xx recorded by another attempt is never taken back.
            delivery => delivery.State == WebhookDeliveryState.Delivered ? delivery : delivery with { State = state, Attempts = [.. delivery.Attempts, attempt] },
            cancellationToken);
}

/// <summary>What <see cref="WebhookAttemptActivity"/> is called with.</summary>
/// <param name="Target">The delivery.</param>
/// <param name="Last">Whether no further attempt follows, so that a failure makes it a dead letter.</param>
public sealed record WebhookAttemptInput(WebhookTarget Target, bool Last);

/// <summary>What an attempt leaves to do.</summary>
/// <param name="Ended">Whether the delivery has ended: delivered, or a dead letter.</param>
/// <param name="RetryAfter">Seconds the receiver asked to be left alone, if it did.</param>
public sealed record WebhookAttemptResult(bool Ended, double? RetryAfter);

/// <summary>When a failed delivery is tried again: the delays Standard Webhooks publishes, with jitter.</summary>
public static class WebhookSchedule
{
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(14),
        TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    /// <summary>Attempts in all: the first and one after each delay.</summary>
    public static int MaximumAttempts => Delays.Length + 1;

    /// <summary>The longest a receiver may ask to be left alone by <c>Retry-After</c>.</summary>
    public static TimeSpan LongestRetryAfter { get; } = TimeSpan.FromHours(24);

    /// <summary>The delay after a failed attempt: the published one and up to a fifth more, or what the receiver asked for if that is longer.</summary>
    /// <param name="attempt">The attempt that failed, from 1; less than <see cref="MaximumAttempts"/>.</param>
    /// <param name="jitter">Where in the jitter's range to fall, 0 to 1.</param>
    /// <param name="retryAfter">What the receiver asked for on 429 or 503, if it did.</param>
    public static TimeSpan DelayAfter(int attempt, double jitter, TimeSpan? retryAfter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(attempt, MaximumAttempts);
        ArgumentOutOfRangeException.ThrowIfLessThan(jitter, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jitter, 1);
        var delay = Delays[attempt - 1] * (1 + (jitter / 5));
        var asked = retryAfter > LongestRetryAfter ? LongestRetryAfter : retryAfter;
        return asked > delay ? asked.Value : delay;
    }
}
