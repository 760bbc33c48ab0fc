using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Webhooks;

/// <summary>
/// Makes one attempt at a delivery and records it. Does nothing once a 2xx is recorded; a crash between the response and the
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
        try
        {
            var result = await AttemptAsync(input, cancellationToken);
            return JsonSerializer.SerializeToElement(result, PipelineJson.Options);
        }
        catch (ArtifactStoreException exception)
        {
            throw new ActivityFailedException(new ActivityFailure(FailureCodes.StoreUnavailable, exception.Message, exception.Retryable), exception);
        }
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

        var response = await sender.SendAsync(delivery, secrets, cancellationToken);
        var gone = response.Attempt.StatusCode == 410;
        var state = response.Attempt.Succeeded ? WebhookDeliveryState.Delivered
            : gone || input.Last ? WebhookDeliveryState.Dead
            : WebhookDeliveryState.Pending;
        if (gone)
        {
            // Before the delivery is recorded: one that has ended is not attempted again, so a crash in between would leave the endpoint active.
            await store.UpdateEndpointAsync(
                target.Owner,
                target.Target,
                endpoint => endpoint with { Status = WebhookEndpointStatus.Disabled, DisabledReason = "It answered 410 Gone." },
                cancellationToken);
        }

        await RecordAsync(target, response.Attempt, state, cancellationToken);
        return new WebhookAttemptResult(state != WebhookDeliveryState.Pending, response.RetryAfter?.TotalSeconds);
    }

    private async Task<(IReadOnlyList<WebhookSecret> Secrets, string? Obstacle)> FindSecretsAsync(WebhookTarget target, CancellationToken cancellationToken)
    {
        IReadOnlyList<WebhookSigningSecret> stored;
        try
        {
            if (target.Target == WebhookTarget.Default)
            {
                stored = await store.GetDefaultSecretsAsync(target.Owner, cancellationToken);
            }
            else if (await store.FindEndpointAsync(target.Owner, target.Target, cancellationToken) is { Status: WebhookEndpointStatus.Active } endpoint)
            {
                stored = endpoint.Secrets;
            }
            else
            {
                return ([], "The endpoint is disabled.");
            }
        }
        catch (ArtifactStoreException exception) when (!exception.Retryable)
        {
            // A dead letter can be replayed once the file is repaired.
            return ([], exception.Message);
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

/// <summary>The input of <see cref="WebhookAttemptActivity"/>.</summary>
/// <param name="Target">The delivery.</param>
/// <param name="Last">Whether no further attempt follows, so that a failure makes it a dead letter.</param>
public sealed record WebhookAttemptInput(WebhookTarget Target, bool Last);

/// <summary>The result of <see cref="WebhookAttemptActivity"/>.</summary>
/// <param name="Ended">Whether the delivery has ended: delivered, or a dead letter.</param>
/// <param name="RetryAfter">The seconds in the receiver's <c>Retry-After</c>, if it sent one.</param>
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

    /// <summary>The longest <c>Retry-After</c> that is followed.</summary>
    public static TimeSpan LongestRetryAfter { get; } = TimeSpan.FromHours(24);

    /// <summary>The delay after a failed attempt: the published one and up to a fifth more, or the receiver's <c>Retry-After</c> if that is longer.</summary>
    /// <param name="attempt">The attempt that failed, from 1; less than <see cref="MaximumAttempts"/>.</param>
    /// <param name="jitter">Where in the jitter's range to fall, 0 to 1.</param>
    /// <param name="retryAfter">The receiver's <c>Retry-After</c> on 429 or 503, if it sent one.</param>
    public static TimeSpan DelayAfter(int attempt, double jitter, TimeSpan? retryAfter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(attempt, MaximumAttempts);
        ArgumentOutOfRangeException.ThrowIfLessThan(jitter, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jitter, 1);
        var delay = Delays[attempt - 1] * (1 + (jitter / 5));
        var requested = retryAfter > LongestRetryAfter ? LongestRetryAfter : retryAfter;
        return requested > delay ? requested.Value : delay;
    }
}
