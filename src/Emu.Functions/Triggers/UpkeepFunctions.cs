using Emu.Functions.Durable;
using Emu.Pipeline.Upkeep;
using Emu.Pipeline.Webhooks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Emu.Functions.Triggers;

/// <summary>Sweep and retention. The host runs each timer in one instance at a time, however many there are, and never twice at once.</summary>
/// <param name="sweep">Repairs jobs that a crash left.</param>
/// <param name="retention">Removes what has expired.</param>
/// <param name="webhooks">Removes old deliveries.</param>
/// <param name="client">Takes the client that they need.</param>
/// <param name="time">The clock.</param>
public sealed class UpkeepFunctions(JobSweep sweep, JobRetention retention, WebhookRetention webhooks, FunctionsClient client, TimeProvider time)
{
    private const int HourOfDailyWork = 3;

    /// <summary>Twice a minute.</summary>
    [Function("sweep")]
    public Task SweepAsync([TimerTrigger("*/30 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        client.Use(durable);
        return sweep.RunOnceAsync(cancellationToken);
    }

    /// <summary>Every hour; once a day it also searches the whole store for what belongs to no job, and removes old deliveries.</summary>
    [Function("retention")]
    public async Task RetentionAsync([TimerTrigger("0 10 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        client.Use(durable);
        var isDaily = time.GetUtcNow().Hour == HourOfDailyWork;
        await retention.RunOnceAsync(searchOrphans: isDaily, cancellationToken);
        if (isDaily)
        {
            await webhooks.RemoveDueAsync(cancellationToken);
        }
    }
}
