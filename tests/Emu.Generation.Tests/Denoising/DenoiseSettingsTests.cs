using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tests.Onnx;
using Emu.Generation.Denoising;
using Emu.Pipeline.Jobs;

namespace Emu.Generation.Tests.Denoising;

public class DenoiseSettingsTests(StickerModel model) : IClassFixture<StickerModel>
{
    private static readonly JobRequest Request = new()
    {
        Kind = JobKind.Video,
        Prompt = "duck",
        Model = StickerModel.Name,
        Size = new FrameSize(128, 128),
        Seconds = 4,
        Seed = 1,
        Formats = ["mp4"],
    };

    [Fact]
    public void ForKeyframe_RequestWithoutSettings_TakesThePackagesDefaults()
    {
        var image = model.Package.Description.Image!;
        var settings = DenoiseSettings.ForKeyframe(model.Package, Request);
        Assert.Equal(image.DefaultSteps, settings.NoiseScheduler.StepCount);
        Assert.Equal(image.DefaultGuidance, settings.TextGuidance);
    }

    [Fact]
    public void ForClip_OfAPrompt_LeavesTheGuidanceToTheKeyframe()
    {
        var request = Request with { Guidance = 5, Steps = 7 };
        Assert.Equal(5, DenoiseSettings.ForKeyframe(model.Package, request).TextGuidance);
        var clip = DenoiseSettings.ForClip(model.Package, request);
        Assert.Equal(model.Package.Description.Video!.DefaultGuidance, clip.TextGuidance);
        Assert.Equal(7, clip.NoiseScheduler.StepCount);
    }

    [Fact]
    public void ForClip_OfAPicture_TakesTheRequestsGuidance()
    {
        using var files = MiniInterpolation.Create();
        Assert.Equal(5, DenoiseSettings.ForClip(ModelPackage.Load(files.Path), Request with { Guidance = 5, InputPicture = "input.png" }).TextGuidance);
    }

    [Fact]
    public void ForClip_WithAGuidanceThePackageWasNotTrainedFor_IsRefusedByName()
    {
        Assert.SkipWhen(model.Package.Description.Video!.Guidance.Image, "The shipped model was trained for image guidance.");
        var refused = Assert.Throws<UnsupportedByModelException>(() => DenoiseSettings.ForClip(model.Package, Request with { ImageGuidance = 2 }));
        Assert.Equal("image guidance", refused.Feature);
        Assert.Contains("1 is the only scale, 2 was asked for", refused.Message);
    }

    [Fact]
    public void ForClip_WithTheOnlyScaleThereIs_IsAccepted() =>
        Assert.Equal(1, DenoiseSettings.ForClip(model.Package, Request with { ImageGuidance = 1 }).ImageGuidance);
}
