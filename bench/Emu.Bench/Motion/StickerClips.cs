using Emu.Diffusion.Noise;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;
using Emu.Generation.Denoising;
using Emu.Generation.Images;
using Emu.Generation.Models;
using Emu.Generation.Motion;
using Emu.Generation.Rendering;
using Emu.Media.Pictures;
using Emu.Pipeline.Jobs;

namespace Emu.Bench.Motion;

/// <summary>Frames of clips, as the stages make them; what prompts have in common (keyframe and flows) is made once.</summary>
internal sealed class StickerClips(LoadedModel model, long seed)
{
    private readonly Dictionary<string, (Picture First, FloatTensor Flows)> _made = [];

    /// <summary>Some of a clip's frames, evenly spaced.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="size">Width and height in pixels.</param>
    /// <param name="count">How many; divides the loop's ticks.</param>
    /// <param name="withWords">Whether motions that the prompt names are applied; else the thing only does what it does by itself.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Picture[] Frames(string prompt, int size, int count, bool withWords, CancellationToken cancellationToken)
    {
        var request = new JobRequest { Kind = JobKind.Video, Prompt = prompt, Model = "", Size = new FrameSize(size, size), Seconds = 4, Seed = seed, Formats = ["mp4"] };
        var picture = MotionReader.PictureOf(prompt, model.Description);
        if (!_made.TryGetValue(picture, out var made))
        {
            made = _made[picture] = Make(picture, request, cancellationToken);
        }

        var requested = RequestedMotion.Of(request, model.Description);
        MovedFrames frames = new(made.First, made.Flows, withWords ? requested : requested with { Steps = [], IsStill = false }, size, size);
        var pictures = new Picture[count];
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, index => pictures[index] = frames.At(index * model.Description.Ticks / count));
        return pictures;
    }

    private (Picture First, FloatTensor Flows) Make(string picture, JobRequest request, CancellationToken cancellationToken)
    {
        var text = model.Text.Encode(picture, cancellationToken);
        var keyframe = DenoiseSettings.ForKeyframe(model.Package, request);
        var latents = Denoise(Request(model.Package.Image!, keyframe, NoiseStage.Keyframe, text, keyframe.TextGuidance == 1 ? null : model.Text.EncodeUnconditional(cancellationToken)), cancellationToken);
        var first = new PictureUpsampler(model).Upsample(model.Decoder.DecodeAll(latents, cancellationToken: cancellationToken), model.Description.NativeSize, cancellationToken);
        MotionCodec codec = new(model.Package, model.Sessions);
        var features = codec.Features(InputPictures.Fit(first, model.Description), cancellationToken);
        var clip = Denoise(Request(model.Package.Video!, DenoiseSettings.ForClip(model.Package, request), NoiseStage.Clip, text, null) with { FirstFrameFeatures = features }, cancellationToken);
        return (first, LoopFlows.ToTicks(codec.DecodeFlows(clip, cancellationToken), model.Description.Ticks, model.Description.Video!.Motion!.LeastArea));
    }

    private DenoiseRequest Request(Diffusion.ModelPackages.DenoiserContract denoiser, DenoiseSettings settings, NoiseStage stage, TextEmbedding text, TextEmbedding? nothing) => new()
    {
        Denoiser = denoiser,
        NoiseScheduler = settings.NoiseScheduler,
        Stage = stage,
        Seed = (ulong)seed,
        Text = denoiser.Text is null ? null : text,
        UnconditionalPrompt = nothing,
        TextGuidance = settings.TextGuidance,
        ImageGuidance = settings.ImageGuidance,
    };

    private FloatTensor Denoise(DenoiseRequest request, CancellationToken cancellationToken)
    {
        using var run = new DenoiseRun(model.Package, model.Sessions, request, cancellationToken);
        while (!run.IsDone)
        {
            run.Step(cancellationToken);
        }

        return run.GetFrames();
    }
}
