using System.Text.Json;
using Emu.Pipeline.Stages;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Emu.Functions.Durable;

/// <summary>
/// The activities that run models. A build with <c>ModelStages=false</c> leaves them out: the host takes from a hub what the app has a
/// function for, so an app beside GPU workers must not have these.
/// </summary>
/// <param name="engine">Runs activities.</param>
public sealed class ModelActivityFunctions(FunctionsEngine engine)
{
    /// <summary>A prompt or a picture to the keyframe.</summary>
    [Function(StageNames.Keyframe)]
    public Task<JsonElement> KeyframeAsync([ActivityTrigger] JsonElement call, FunctionContext context, [DurableClient] DurableTaskClient client) => engine.RunAsync(StageNames.Keyframe, call, context, client);

    /// <summary>The keyframe to the clip's latents, a slice at a time.</summary>
    [Function(StageNames.Animate)]
    public Task<JsonElement> AnimateAsync([ActivityTrigger] JsonElement call, FunctionContext context, [DurableClient] DurableTaskClient client) => engine.RunAsync(StageNames.Animate, call, context, client);

    /// <summary>The clip's latents to those of every frame.</summary>
    [Function(StageNames.Interpolate)]
    public Task<JsonElement> InterpolateAsync([ActivityTrigger] JsonElement call, FunctionContext context, [DurableClient] DurableTaskClient client) => engine.RunAsync(StageNames.Interpolate, call, context, client);

    /// <summary>A chunk of latents to frames.</summary>
    [Function(StageNames.Upsample)]
    public Task<JsonElement> UpsampleAsync([ActivityTrigger] JsonElement call, FunctionContext context, [DurableClient] DurableTaskClient client) => engine.RunAsync(StageNames.Upsample, call, context, client);

    /// <summary>The picture that is edited to its subject's mask.</summary>
    [Function(StageNames.Mask)]
    public Task<JsonElement> MaskAsync([ActivityTrigger] JsonElement call, FunctionContext context, [DurableClient] DurableTaskClient client) => engine.RunAsync(StageNames.Mask, call, context, client);

    /// <summary>Picture, plan and mask to the edited picture.</summary>
    [Function(StageNames.Edit)]
    public Task<JsonElement> EditAsync([ActivityTrigger] JsonElement call, FunctionContext context, [DurableClient] DurableTaskClient client) => engine.RunAsync(StageNames.Edit, call, context, client);
}
