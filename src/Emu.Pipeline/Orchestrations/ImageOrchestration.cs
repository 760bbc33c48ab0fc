using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Orchestrations;

/// <summary>An image job: keyframe, encode, finish.</summary>
public sealed class ImageOrchestration : IOrchestration
{
    private const int Stages = 2;

    private static readonly StageSpan Keyframe = new(1, Stages, 0, 90);
    private static readonly StageSpan Encode = new(2, Stages, 90, 99);

    /// <inheritdoc/>
    public string Name => OrchestrationNames.Image;

    /// <inheritdoc/>
    public string Version => "1";

    /// <inheritdoc/>
    public Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input) => JobFlow.RunAsync(context, input, StagesAsync);

    private static async Task StagesAsync(JobFlow flow)
    {
        await flow.StageAsync(StageNames.Keyframe, Keyframe, [], StageRetries.Model);
        await flow.StageAsync(StageNames.Encode, Encode, [StageNames.Keyframe], StageRetries.Encode);
    }
}
