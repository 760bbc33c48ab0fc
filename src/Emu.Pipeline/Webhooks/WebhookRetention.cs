using Emu.Durable.Abstractions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Emu.Pipeline.Webhooks;

/// <summary>Removes deliveries that ended long ago, and their orchestration instances.</summary>
public sealed class WebhookRetention(WebhookStore store, IOrchestrationClient orchestrations, TimeProvider time, ILogger<WebhookRetention>? logger = null)
{
    private readonly ILogger _logger = logger ?? NullLogger<WebhookRetention>.Instance;

    /// <summary>How long an ended delivery, dead letters included, is kept and can be replayed: 30 days.</summary>
    public static TimeSpan Kept { get; } = TimeSpan.FromDays(30);

    /// <summary>Removes the deliveries that ended longer ago than <see cref="Kept"/>.</summary>
    /// <returns>How many deliveries were removed.</returns>
    public async Task<int> RemoveDueAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        await foreach (var delivery in store.RemoveEndedAsync(time.GetUtcNow() - Kept, cancellationToken))
        {
            for (var replay = 0; replay <= delivery.Replays; replay++)
            {
                await orchestrations.PurgeAsync(new WebhookTarget(delivery.Owner, delivery.Target, delivery.Id, replay).InstanceId, cancellationToken);
            }

            removed++;
        }

        return removed;
    }

    /// <summary>Removes old deliveries at once and then once a day, until cancelled. After a failure the next round tries again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromDays(1), time);
        do
        {
            try
            {
                await RemoveDueAsync(cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                _logger.LogWarning(exception, "Old webhook deliveries could not be removed; the next round tries again.");
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }
}
