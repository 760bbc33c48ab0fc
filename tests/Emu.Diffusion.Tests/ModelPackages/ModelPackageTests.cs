using System.Text.Json.Nodes;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tests.Onnx;

namespace Emu.Diffusion.Tests.ModelPackages;

public sealed class ModelPackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_NoFolder_NamesIt()
        => Assert.Contains("does not exist", Assert.Throws<ModelPackageException>(() => ModelPackage.Load(_folder["nowhere"])).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_EmptyFolder_NamesModelIndex()
        => Assert.EndsWith("model_index.json", Assert.Throws<ModelPackageException>(() => ModelPackage.Load(_folder.Path)).File, StringComparison.Ordinal);

    [Theory]
    [InlineData("unet/model.onnx")]
    [InlineData("tokenizer/tokenizer.json")]
    [InlineData("scheduler/scheduler_config.json")]
    public void Load_ListedFileMissing_NamesFileAndSize(string file)
    {
        _folder.CopyFrom(RepositoryFiles.StickerModel);
        var size = new FileInfo(_folder[file]).Length;
        File.Delete(_folder[file]);

        foreach (var verify in new[] { true, false })
        {
            var exception = Assert.Throws<ModelPackageException>(() => ModelPackage.Load(_folder.Path, verify));
            Assert.Equal(_folder[file], exception.File);
            Assert.Contains($"{size} bytes", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_OneByteChanged_NamesFileAndHashes()
    {
        _folder.CopyFrom(RepositoryFiles.StickerModel);
        var file = _folder["vae_decoder", "weights.bin"];
        var listed = ModelPackage.Load(_folder.Path).Files.Single(item => item.Path == "vae_decoder/weights.bin").Sha256;
        var bytes = File.ReadAllBytes(file);
        bytes[^1000] ^= 1;
        File.WriteAllBytes(file, bytes);

        var exception = Assert.Throws<ModelPackageException>(() => ModelPackage.Load(_folder.Path));

        Assert.Equal(file, exception.File);
        Assert.Contains(listed, exception.Message, StringComparison.Ordinal);
        Assert.Equal(["vae_decoder/weights.bin"], ModelPackage.Load(_folder.Path, verify: false).Verify().Where(check => check.State == PackageFileState.WrongContent).Select(check => check.File.Path));
    }

    [Fact]
    public void Load_TruncatedGraph_SaysHowLongItShouldBe()
    {
        _folder.CopyFrom(RepositoryFiles.StickerModel);
        var file = _folder["unet", "model.onnx"];
        var size = new FileInfo(file).Length;
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..100_000]);

        var exception = Assert.Throws<ModelPackageException>(() => ModelPackage.Load(_folder.Path));
        Assert.Contains($"has 100000 bytes; the package lists {size}", exception.Message, StringComparison.Ordinal);
        exception = Assert.Throws<ModelPackageException>(() => ModelPackage.Load(_folder.Path, verify: false));
        Assert.Contains("truncated", exception.Message, StringComparison.Ordinal);
        Assert.Equal(file, exception.File);
    }

    [Theory]
    [InlineData("image.layout", """["noise", "image"]""", "unet/model.onnx", "noise + image")]
    [InlineData("image.layout", """["picture"]""", "emu.json", "layout")]
    [InlineData("image.axes", "\"BCFHW\"", "unet/model.onnx", "axes")]
    [InlineData("video.axes", "\"BFCHW\"", "unet/clip.onnx", "64 latent channels")]
    [InlineData("latent_channels", "20", "unet/model.onnx", "20 latent channels")]
    [InlineData("native_size", "512", "unet/model.onnx", "512 pixels")]
    [InlineData("native_size", "100", "emu.json", "native_size")]
    [InlineData("frames", "17", "unet/clip.onnx", "frames")]
    [InlineData("alpha", "\"straight\"", "emu.json", "alpha")]
    [InlineData("guidence", "1", "emu.json", "guidence")]
    [InlineData("image.graph", "\"transformer\"", "transformer/model.onnx", "missing")]
    [InlineData("video.graph", "\"unet/film\"", "unet/film.onnx", "missing")]
    [InlineData("video.graph", "\"unet/../clip\"", "emu.json", "unet/clip")]
    [InlineData("video.graph", "\"unet/\"", "emu.json", "unet/clip")]
    [InlineData("alpha", "\"none\"", "vae_decoder/model.onnx", "channels")]
    [InlineData("video.noise_temperature", "0.8", "emu.json", "noise_temperature")]
    [InlineData("video.layout", """["noise", "image"]""", "emu.json", "layout noise alone")]
    [InlineData("loops", "false", "emu.json", "loops")]
    [InlineData("image.motion", """{"first_frame": "motion/first_frame", "decoder": "motion/decoder", "channels": 64}""", "emu.json", "motion is for the video")]
    [InlineData("video.motion.channels", "0", "emu.json", "channels 0 of motion")]
    [InlineData("video.motion.least_area", "1", "emu.json", "least_area 1 of motion")]
    [InlineData("video.motion.channels", "48", "unet/clip.onnx", "48 latent channels")]
    [InlineData("video.motion.decoder", "\"motion\"", "emu.json", "graph 'motion' of motion")]
    [InlineData("video.motion.decoder", "\"motion/nothing\"", "motion/nothing.onnx", "missing")]
    [InlineData("video.motion.decoder", "\"vae_decoder/model\"", "vae_decoder/model.onnx", "channels of motion")]
    [InlineData("video.motion.first_frame", "\"vae_encoder/model\"", "vae_encoder/model.onnx", "the first frame")]
    [InlineData("video.motion.first_frame", "\"motion/decoder\"", "motion/decoder.onnx", "the first frame")]
    public void Load_DescriptionThatDoesNotFit_NamesFileAndExpectation(string field, string value, string file, string expected)
    {
        _folder.CopyFrom(RepositoryFiles.StickerModel);
        ChangeEmuJson(field, value);

        var exception = Assert.Throws<ModelPackageException>(() => ModelPackage.Load(_folder.Path));

        Assert.Equal(_folder[file], exception.File);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithAnInterpolationNetwork_DescribesSegmentsOfThirtySevenFrames()
    {
        using var files = MiniInterpolation.Create();

        var package = ModelPackage.Load(files.Path);

        var interpolation = package.Description.Interpolation!;
        Assert.Equal((8, 4, 100, 37), (interpolation.KeyFrames, interpolation.Factor, interpolation.AugmentationTimestep, interpolation.Denoiser.Frames));
        Assert.Equal("unet", package.Interpolation!.Graph.Name);
    }

    [Theory]
    [InlineData(""", "key_frames": 17""", "key_frames 17")]
    [InlineData(""", "key_frames": 0""", "key_frames 0")]
    [InlineData(""", "frames": 36""", "must be 37")]
    [InlineData(""", "augmentation_timestep": -1""", "augmentation_timestep -1")]
    [InlineData(""", "augmentation_timestep": 1000""", "below the noise scheduler's 1000")]
    [InlineData(""", "scale_image_latents": false""", "scale_image_latents")]
    [InlineData(""", "motion_by_words": true""", "motion_by_words")]
    [InlineData(""", "key_frame": 8""", "key_frame")]
    public void Load_InterpolationThatContradictsItself_NamesTheField(string fields, string named)
    {
        using var files = MiniInterpolation.Create(fields);

        var refused = Assert.Throws<ModelPackageException>(() => ModelPackage.Load(files.Path));

        Assert.EndsWith("emu.json", refused.File, StringComparison.Ordinal);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_InterpolationWithoutAMask_SaysWhatIsNeeded()
    {
        using MiniPackage files = new("EmuPipeline", MiniInterpolation.Denoiser, MiniInterpolation.EmuJson(layout: """["noise", "image"]"""));

        var refused = Assert.Throws<ModelPackageException>(() => ModelPackage.Load(files.Path));

        Assert.Contains("a layout with noise, image and mask", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_InterpolationToTicksThatAreNoMultiple_SaysWhichAre()
    {
        using MiniPackage files = new("EmuPipeline", MiniInterpolation.Denoiser, MiniInterpolation.EmuJson().Replace("\"ticks\": 65", "\"ticks\": 64", StringComparison.Ordinal));

        var refused = Assert.Throws<ModelPackageException>(() => ModelPackage.Load(files.Path));

        Assert.Contains("ticks 64 must be a multiple of frames 16 and 1 more", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("unet\\\\model.onnx")]
    public void Load_FileListedOutsideThePackage_IsRefused(string path)
    {
        _folder.CopyFrom(RepositoryFiles.StickerModel);
        ChangeEmuJson("files", $$"""{"{{path}}": {"size": 1, "sha256": "{{new string('0', 64)}}"} }""");

        Assert.Equal(_folder["emu.json"], Assert.Throws<ModelPackageException>(() => ModelPackage.Load(_folder.Path)).File);
    }

    [Fact]
    public void Load_GraphWithUnknownInput_NamesIt()
    {
        MiniDenoiser denoiser = new() { Extras = new Dictionary<string, int> { ["controlnet_cond"] = 3 } };
        using MiniPackage files = new("StableDiffusionPipeline", denoiser);

        Assert.Contains("controlnet_cond", Assert.Throws<ModelPackageException>(() => ModelPackage.Load(files.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownPipelineClass_NamesItAndTheKnown()
    {
        using MiniPackage files = new("FluxPipeline", new MiniDenoiser());

        var exception = Assert.Throws<ModelPackageException>(() => ModelPackage.Load(files.Path));

        Assert.Contains("'FluxPipeline'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("StableDiffusionPipeline", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_StableDiffusion_InfersDescriptionFromConfigurations()
    {
        using MiniPackage files = new("ORTStableDiffusionPipeline", new MiniDenoiser());

        var model = ModelPackage.Load(files.Path).Description;

        Assert.Equal(32, model.NativeSize);
        Assert.Equal(8, model.LatentDownscale);
        Assert.Equal(0.5f, model.ScalingFactor);
        Assert.Equal(3, model.PictureChannels);
        Assert.Equal(7.5f, model.Image!.DefaultGuidance);
        Assert.Equal([32, 128], model.Sizes);
        Assert.Null(model.Video);
    }

    [Fact]
    public void Fingerprint_AnyConfigurationChanged_IsAnother()
    {
        using MiniPackage files = new("StableDiffusionPipeline", new MiniDenoiser());
        var before = ModelPackage.Load(files.Path).Fingerprint;
        Assert.Equal(before, ModelPackage.Load(files.Path).Fingerprint);

        files.Write("scheduler/scheduler_config.json", MiniPackage.BaseScheduler.Replace("0.012", "0.013", StringComparison.Ordinal));

        Assert.NotEqual(before, ModelPackage.Load(files.Path).Fingerprint);
    }

    private void ChangeEmuJson(string field, string value)
    {
        var root = JsonNode.Parse(File.ReadAllText(_folder["emu.json"]))!;
        var parts = field.Split('.');
        var parent = parts[..^1].Aggregate(root, (node, part) => node[part]!);
        parent[parts[^1]] = JsonNode.Parse(value);
        File.WriteAllText(_folder["emu.json"], root.ToJsonString());
    }
}
