using System.Text.Json;
using Emu.Pipeline.Stages;
using Emu.Pipeline.Uploads;
using Emu.Pipeline.Webhooks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Emu.Functions.Durable;

/// <summary>The activities that run no model.</summary>
/// <param name="engine">Runs activities.</param>
public sealed class ActivityFunctions(FunctionsEngine engine)
{
    /// <summary>The instructions of an edit to its plan.</summary>
    [Function(StageNames.Understand)]
    public Task<JsonElement> UnderstandAsync([ActivityTrigger] JsonElement call, FunctionContext context, [DurableClient] DurableTaskClient client) => engine.RunAsync(StageNames.Understand, call, context, client);

    /// <summary>Source and edited picture to the final one.</summary>
    [Function(StageNames.Composite)]
    public Task<JsonElement> CompositeAsync([ActivityTrigger] JsonElement call, FunctionContext context, [DurableClient] DurableTaskClient client) => engine.RunAsync(StageNames.Composite, call, context, client);

    /// <summary>Frames or a keyframe to the formats that were asked for.</summary>
    [Function(StageNames.Encode)]
    public Task<JsonElement> EncodeAsync([ActivityTrigger] JsonElement call, FunctionContext context, [DurableClient] DurableTaskClient client) => engine.RunAsync(StageNames.Encode, call, context, client);

    /// <summary>A completed job's frames to one further format.</summary>
    [Function(FunctionNames.Format)]
    public Task<JsonElement> FormatAsync([ActivityTrigger] JsonElement call, FunctionContext context, [DurableClient] DurableTaskClient client) => engine.RunAsync(StageNames.Format, call, context, client);

    /// <summary>Ends a job's record.</summary>
    [Function(StageNames.Finish)]
    public Task<JsonElement> FinishAsync([ActivityTrigger] JsonElement call, FunctionContext context, [DurableClient] DurableTaskClient client) => engine.RunAsync(StageNames.Finish, call, context, client);

    /// <summary>Sends a webhook once.</summary>
    [Function(FunctionNames.WebhookAttempt)]
    public Task<JsonElement> WebhookAttemptAsync([ActivityTrigger] JsonElement call, FunctionContext context, [DurableClient] DurableTaskClient client) =>
        engine.RunAsync(WebhookAttemptActivity.ActivityName, call, context, client);

    /// <summary>Writes an upload's results into its outputs.</summary>
    [Function(FunctionNames.UploadResult)]
    public Task<JsonElement> UploadResultAsync([ActivityTrigger] JsonElement call, FunctionContext context, [DurableClient] DurableTaskClient client) =>
        engine.RunAsync(UploadResultActivity.ActivityName, call, context, client);
}
