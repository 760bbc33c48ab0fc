using System.Text.Json;
using Emu.Pipeline.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Emu.Functions.Durable;

/// <summary>The orchestrations, each under its own name; the code is the pipeline's.</summary>
/// <param name="engine">Runs orchestrations.</param>
public sealed class OrchestrationFunctions(FunctionsEngine engine)
{
    /// <summary>A video job.</summary>
    [Function(OrchestrationNames.Video)]
    public Task<JsonElement> VideoAsync([OrchestrationTrigger] TaskOrchestrationContext context) => engine.RunAsync(OrchestrationNames.Video, context);

    /// <summary>An image job.</summary>
    [Function(OrchestrationNames.Image)]
    public Task<JsonElement> ImageAsync([OrchestrationTrigger] TaskOrchestrationContext context) => engine.RunAsync(OrchestrationNames.Image, context);

    /// <summary>A job of an edit.</summary>
    [Function(OrchestrationNames.Edit)]
    public Task<JsonElement> EditAsync([OrchestrationTrigger] TaskOrchestrationContext context) => engine.RunAsync(OrchestrationNames.Edit, context);

    /// <summary>The further slices of a stage.</summary>
    [Function(OrchestrationNames.Slices)]
    public Task<JsonElement> SlicesAsync([OrchestrationTrigger] TaskOrchestrationContext context) => engine.RunAsync(OrchestrationNames.Slices, context);

    /// <summary>A further format of a completed job.</summary>
    [Function(OrchestrationNames.Format)]
    public Task<JsonElement> FormatAsync([OrchestrationTrigger] TaskOrchestrationContext context) => engine.RunAsync(OrchestrationNames.Format, context);

    /// <summary>A webhook's delivery.</summary>
    [Function(OrchestrationNames.Webhook)]
    public Task<JsonElement> WebhookAsync([OrchestrationTrigger] TaskOrchestrationContext context) => engine.RunAsync(OrchestrationNames.Webhook, context);

    /// <summary>The results of an upload.</summary>
    [Function(OrchestrationNames.UploadResult)]
    public Task<JsonElement> UploadResultAsync([OrchestrationTrigger] TaskOrchestrationContext context) => engine.RunAsync(OrchestrationNames.UploadResult, context);
}
