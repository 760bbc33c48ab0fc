using System.Buffers.Binary;
using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Webhooks;

namespace Emu.Pipeline.Orchestrations;

/// <summary>Delivers one event to one address: attempts with durable timers between them until it ends.</summary>
public sealed class WebhookOrchestration : IOrchestration
{
    // Only the private store can make the activity fail; a receiver's failures are results.
    private static readonly RetryPolicy StoreFailures = new(10, TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(10));

    /// <inheritdoc/>
    public string Name => OrchestrationNames.Webhook;

    /// <inheritdoc/>
    public string Version => "1";

    /// <inheritdoc/>
    public async Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input)
    {
        ArgumentNullException.ThrowIfNull(context);
        var target = input.Deserialize<WebhookTarget>(PipelineJson.Options)!;
        for (var attempt = 1; ; attempt++)
        {
            var last = attempt == WebhookSchedule.MaximumAttempts;
            var result = await context.CallActivityAsync<WebhookAttemptResult>(
                WebhookAttemptActivity.ActivityName, new WebhookAttemptInput(target, last), StoreFailures);
            if (result.Ended || last)
            {
                return JsonSerializer.SerializeToElement(attempt, PipelineJson.Options);
            }

            var retryAfter = result.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
            await context.CreateTimerAsync(context.CurrentTime + WebhookSchedule.DelayAfter(attempt, Jitter(context), retryAfter));
        }
    }

    private static double Jitter(IOrchestrationContext context)
    {
        Span<byte> bytes = stackalloc byte[16];
        context.NewGuid().TryWriteBytes(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes) / (double)uint.MaxValue;
    }
}
