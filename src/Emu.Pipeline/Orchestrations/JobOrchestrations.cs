using System.Text.Json;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Orchestrations;

/// <summary>A video job: keyframe, animate, interpolate, upsample in chunks, encode, finish.</summary>
public sealed class VideoOrchestration : IOrchestration
{
    private const int Stages = 5;

    private static readonly StageSpan Keyframe = new(1, Stages, 0, 20);
    private static readonly StageSpan Animate = new(2, Stages, 20, 70);
    private static readonly StageSpan Interpolate = new(3, Stages, 70, 72);
    private static readonly StageSpan Upsample = new(4, Stages, 72, 90);
    private static readonly StageSpan Encode = new(5, Stages, 90, 99);

    /// <inheritdoc/>
    public string Name => OrchestrationNames.Video;

    /// <inheritdoc/>
    public string Version => "2";

    /// <inheritdoc/>
    public Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input) => JobFlow.RunAsync(context, input, StagesAsync);

    private static async Task StagesAsync(JobFlow flow)
    {
        await flow.StageAsync(StageNames.Keyframe, Keyframe, [], StageRetries.Model);
        await flow.StageAsync(StageNames.Animate, Animate, [StageNames.Keyframe], StageRetries.Model);
        var interpolated = await flow.StageAsync(StageNames.Interpolate, Interpolate, [StageNames.Animate], StageRetries.Model);

        var count = interpolated.Chunks ?? 1;
        var chunks = Enumerable.Range(0, count).Select(chunk => flow.StageAsync(StageNames.Upsample, Upsample, [StageNames.Keyframe, StageNames.Interpolate], StageRetries.Model, chunk, count));
        await Task.WhenAll(chunks);

        string[] frames = [StageNames.Keyframe, .. Enumerable.Range(0, count).Select(chunk => StageNames.Chunk(StageNames.Upsample, chunk))];
        await flow.StageAsync(StageNames.Encode, Encode, frames, StageRetries.Encode);
    }
}

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

/// <summary>An edit job: understand, mask, edit, composite, encode, finish.</summary>
public sealed class EditOrchestration : IOrchestration
{
    private const int Stages = 5;

    private static readonly StageSpan Understand = new(1, Stages, 0, 2);
    private static readonly StageSpan Mask = new(2, Stages, 2, 40);
    private static readonly StageSpan Edit = new(3, Stages, 40, 75);
    private static readonly StageSpan Composite = new(4, Stages, 75, 85);
    private static readonly StageSpan Encode = new(5, Stages, 85, 99);

    /// <inheritdoc/>
    public string Name => OrchestrationNames.Edit;

    /// <inheritdoc/>
    public string Version => "1";

    /// <inheritdoc/>
    public Task<JsonElement> RunAsync(IOrchestrationContext context, JsonElement input) => JobFlow.RunAsync(context, input, StagesAsync);

    private static async Task StagesAsync(JobFlow flow)
    {
        await flow.StageAsync(StageNames.Understand, Understand, [], StageRetries.Encode);
        await flow.StageAsync(StageNames.Mask, Mask, [StageNames.Understand], StageRetries.Model);
        await flow.StageAsync(StageNames.Edit, Edit, [StageNames.Understand, StageNames.Mask], StageRetries.Model);
        await flow.StageAsync(StageNames.Composite, Composite, [StageNames.Mask, StageNames.Edit], StageRetries.Encode);
        await flow.StageAsync(StageNames.Encode, Encode, [StageNames.Composite], StageRetries.Encode);
    }
}
