using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Noise;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;
using Emu.Diffusion.Tests.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Tests.Pipelines;

/// <summary>Whole pipelines in the diffusers layout, exported under the contracts seen in public packages, against closed forms.</summary>
public sealed class MiniPipelineTests : IDisposable
{
    private readonly SessionCache _sessions = new(new SessionCacheOptions { Device = DeviceChoice.Cpu, Threads = 1 });

    public void Dispose() => _sessions.Dispose();

    public static TheoryData<string> Contracts => new(Variants.Keys);

    private static readonly Dictionary<string, MiniDenoiser> Variants = new()
    {
        ["optimum"] = new() { TimestepAxes = ["steps"] },
        ["scalar timestep"] = new() { TimestepAxes = [] },
        ["timestep of one"] = new() { TimestepAxes = [1] },
        ["timestep a sample"] = new() { TimestepAxes = ["batch"] },
        ["int64 timestep"] = new() { TimestepType = TensorElementType.Int64, TimestepAxes = [1] },
        ["sole output of another name"] = new() { OutputName = "noise_pred" },
        ["transformer's output"] = new() { OutputName = "out_hidden_states" },
        ["weights beside the graph"] = new() { ExternalData = true },
    };

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Step_StableDiffusionUnderAnyContract_FollowsClosedForm(string contract)
    {
        var denoiser = Variants[contract];
        using MiniPackage files = new("OnnxStableDiffusionPipeline", denoiser);
        var package = ModelPackage.Load(files.Path);
        var request = Request(package, package.Image!) with { TextGuidance = 3 };

        Near.Equal(ClosedForm.Run(package, request, denoiser, [(true, false, 3), (false, false, -2)]), Run(package, request), 2e-5f);
    }

    [Fact]
    public void Step_Float16Graphs_FollowClosedFormAsNearAsHalfAllows()
    {
        MiniDenoiser denoiser = new() { ElementType = TensorElementType.Float16 };
        using MiniPackage files = new("StableDiffusionPipeline", denoiser);
        files.SaveTextEncoder(idType: TensorElementType.Int32, type: TensorElementType.Float16);
        files.SaveCodec(TensorElementType.Float16);
        var package = ModelPackage.Load(files.Path);
        var request = Request(package, package.Image!) with { TextGuidance = 2 };

        var latents = Run(package, request);

        Near.Equal(ClosedForm.Run(package, request, denoiser, [(true, false, 2), (false, false, -1)]), latents, 0.02f);
        var picture = new PictureDecoder(package, _sessions).DecodeAll(latents);
        Assert.Equal([1, 3, 32, 32], picture.Shape);
        Assert.Equal(latents.Span[0] / package.Description.ScalingFactor, picture.Span[0], 0.01f);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Step_InstructPix2Pix_EvaluatesThreeConditions(bool oneAfterAnother)
    {
        MiniDenoiser denoiser = new() { InputChannels = 8 };
        using MiniPackage files = new("StableDiffusionInstructPix2PixPipeline", denoiser);
        var package = ModelPackage.Load(files.Path);
        var request = Request(package, package.Edit!) with
        {
            Stage = NoiseStage.Edit,
            TextGuidance = 7.5f,
            ImageGuidance = 1.5f,
            OneAfterAnother = oneAfterAnother,
            ImageLatents = new PictureEncoder(package, _sessions).Encode(Picture(), scale: package.Edit!.Description.ScaleImageLatents),
        };

        // none + s_T·(text+image − image) + s_I·(image − none)
        var terms = new[] { (true, true, 7.5f), (false, true, 1.5f - 7.5f), (false, false, 1 - 1.5f) };
        Near.Equal(ClosedForm.Run(package, request, denoiser, terms), Run(package, request), 1e-4f);
    }

    [Theory]
    [InlineData("BCFHW", "zero")]
    [InlineData("BFCHW", "zero")]
    [InlineData("BFCHW", "repeat")]
    public void Step_VideoInAnyAxisOrder_FollowsClosedForm(string axes, string padding)
    {
        MiniDenoiser denoiser = new() { InputChannels = 9, Axes = axes };
        using MiniPackage files = new("EmuPipeline", denoiser, $$$"""
            {"name": "mini", "frames": 3, "native_size": 32, "latent_channels": 4,
             "video": {"graph": "unet", "layout": ["noise", "image", "mask"], "axes": "{{{axes}}}", "image_padding": "{{{padding}}}", "guidance": {"text": true, "image": true}} }
            """);
        var package = ModelPackage.Load(files.Path);
        var request = Request(package, package.Video!) with
        {
            Stage = NoiseStage.Clip,
            TextGuidance = 2,
            ImageGuidance = 4,
            ImageLatents = new PictureEncoder(package, _sessions).Encode(Picture()),
        };

        var terms = new[] { (true, true, 2f), (false, true, 2f), (false, false, -3f) };
        Near.Equal(ClosedForm.Run(package, request, denoiser, terms), Run(package, request), 1e-4f);
    }

    [Fact]
    public void Step_KeyframeByTheClipsGraph_IsAClipOfOne()
    {
        MiniDenoiser denoiser = new() { InputChannels = 9, Axes = "BCFHW" };
        using MiniPackage files = new("EmuPipeline", denoiser, """
            {"name": "mini", "frames": 3, "native_size": 32, "latent_channels": 4,
             "image": {"layout": ["noise", "image", "mask"], "axes": "BCFHW", "guidance": {"text": true, "image": true}},
             "video": {"graph": "unet", "layout": ["noise", "image", "mask"], "axes": "BCFHW", "guidance": {"text": true}}}
            """);
        var package = ModelPackage.Load(files.Path);
        using DenoiseRun run = new(package, _sessions, Request(package, package.Image!));
        run.Step();

        Assert.Equal([1, 4, 1, 4, 4], run.LatentShape);
        Assert.Equal([1, 4, 4, 4], run.GetFrames().Shape);
        Assert.Throws<UnsupportedByModelException>(() => new DenoiseRun(package, _sessions, Request(package, package.Video!)));
    }

    [Fact]
    public void Step_StableDiffusionXl_JoinsTwoTextEncodersAndFeedsSizes()
    {
        MiniDenoiser denoiser = new() { Extras = new Dictionary<string, int> { ["text_embeds"] = MiniPackage.TextWidth, ["time_ids"] = 6 } };
        using MiniPackage files = new("StableDiffusionXLPipeline", denoiser);
        files.SaveTextEncoder(layers: 3);
        files.SaveTextEncoder("text_encoder_2", layers: 4, pooled: true);
        files.SaveWords("tokenizer_2");
        var package = ModelPackage.Load(files.Path);
        var request = Request(package, package.Image!);

        // The layer before the last is factor 2 of three, and 3 of four.
        Assert.Equal([1, 5, 2 * MiniPackage.TextWidth], request.Text!.Hidden.Shape);
        Assert.Equal(2 * MiniPackage.Embedding(1, 0), request.Text.Hidden.Span[0], 1e-6f);
        Assert.Equal(3 * MiniPackage.Embedding(1, 0), request.Text.Hidden.Span[MiniPackage.TextWidth], 1e-6f);
        Assert.All(request.UnconditionalPrompt!.Hidden.Span.ToArray(), value => Assert.Equal(0, value));
        var extras = request.Text.Pooled!.Span.ToArray().Average() + new[] { 32f, 32, 0, 0, 32, 32 }.Average();
        Near.Equal(ClosedForm.Run(package, request, denoiser, [(true, false, 1)], extras), Run(package, request), 1e-3f);
    }

    [Fact]
    public void Step_LatentConsistencyModel_EmbedsTheGuidanceScale()
    {
        MiniDenoiser denoiser = new() { Extras = new Dictionary<string, int> { ["timestep_cond"] = 4 } };
        using MiniPackage files = new("LatentConsistencyModelPipeline", denoiser);
        var package = ModelPackage.Load(files.Path);
        var request = Request(package, package.Image!) with { TextGuidance = 8.5f };

        double[] angles = [7500, 7500 * Math.Exp(-Math.Log(10000))];
        var embedding = (float)angles.SelectMany(angle => new[] { Math.Sin(angle), Math.Cos(angle) }).Average();
        Near.Equal(ClosedForm.Run(package, request, denoiser, [(true, false, 1)], embedding), Run(package, request), 1e-4f);
    }

    [Fact]
    public void Step_StableVideoDiffusion_GuidesEachFrameByItsOwnScale()
    {
        MiniDenoiser denoiser = new() { InputChannels = 8, Axes = "BFCHW", Extras = new Dictionary<string, int> { ["added_time_ids"] = 3 } };
        using MiniPackage files = new("StableVideoDiffusionPipeline", denoiser);
        var package = ModelPackage.Load(files.Path);
        var imageEmbedding = new TextEmbedding(new FloatTensor([1, 1, 3], new[] { 1.9f, 2.1f, 2.2f }), new FloatTensor([1, 1], new[] { 1f }), null, [], 0);
        var request = Request(package, package.Video!) with
        {
            Stage = NoiseStage.Clip,
            Text = imageEmbedding,
            UnconditionalPrompt = null,
            ImageGuidance = 3,
            FirstFrameImageGuidance = 1,
            ImageLatents = new PictureEncoder(package, _sessions).Encode(Picture(), scale: false),
        };

        var extras = (6 + 127 + 0.02f) / 3;
        Near.Equal(ClosedForm.Run(package, request, denoiser, [(true, true, float.NaN), (false, false, float.NaN)], extras, frame => 1 + frame), Run(package, request), 2e-3f);
    }

    [Fact]
    public void Constructor_StableVideoDiffusionWithoutAnImageEmbedding_IsRefusedByName()
    {
        MiniDenoiser denoiser = new() { InputChannels = 8, Axes = "BFCHW", Extras = new Dictionary<string, int> { ["added_time_ids"] = 3 } };
        using MiniPackage files = new("StableVideoDiffusionPipeline", denoiser);
        var package = ModelPackage.Load(files.Path);
        var request = Request(package, package.Video!) with { ImageLatents = new PictureEncoder(package, _sessions).Encode(Picture(), scale: false) };

        var refused = Assert.Throws<UnsupportedByModelException>(() => new DenoiseRun(package, _sessions, request));

        Assert.Equal("image embedding", refused.Feature);
    }

    [Fact]
    public void Encode_Distribution_TakesTheScaledMode()
    {
        using MiniPackage files = new("StableDiffusionPipeline", new MiniDenoiser());
        var package = ModelPackage.Load(files.Path);
        PictureEncoder encoder = new(package, _sessions);

        var latents = encoder.Encode(Picture());

        // Channel c of the picture is (c + 1) / 10 everywhere; latent 3 reads channel 0 again, times 4; scaling is 0.5.
        Assert.Equal([1, 4, 4, 4], latents.Shape);
        Assert.Equal([0.05f, 0.2f, 0.45f, 0.2f], new[] { 0, 16, 32, 48 }.Select(index => MathF.Round(latents.Span[index], 5)));
        Assert.Equal(0.1f, encoder.Encode(Picture(), scale: false).Span[0], 1e-6f);
    }

    private FloatTensor Run(ModelPackage package, DenoiseRequest request)
    {
        using DenoiseRun run = new(package, _sessions, request);
        while (!run.IsDone)
        {
            run.Step();
        }

        return run.GetLatents();
    }

    private DenoiseRequest Request(ModelPackage package, DenoiserContract denoiser)
    {
        var text = package.Text.Count > 0 ? new TextEncoder(package, _sessions) : null;
        return new DenoiseRequest
        {
            Denoiser = denoiser,
            NoiseScheduler = NoiseSchedulerFactory.Create(package.NoiseScheduler, 4),
            Stage = NoiseStage.Keyframe,
            Seed = 5,
            Text = text?.Encode("green yellow red"),
            UnconditionalPrompt = text?.EncodeUnconditional(),
        };
    }

    private static FloatTensor Picture()
    {
        FloatTensor picture = new([1, 3, 32, 32]);
        for (var channel = 0; channel < 3; channel++)
        {
            picture.Span.Slice(channel * 1024, 1024).Fill((channel + 1) / 10f);
        }

        return picture;
    }
}
