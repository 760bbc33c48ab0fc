using Emu.Generation.Models;
using Emu.Pipeline.Jobs;

namespace Emu.Generation.Tests.Models;

public class ModelCapabilitiesBuilderTests(StickerModel model) : IClassFixture<StickerModel>
{
    [Fact]
    public void Build_OfTheStickerModel_OffersLoopsOfFourSecondsAt512()
    {
        var capabilities = ModelCapabilitiesBuilder.Build(model.Package, "sticker", isDefault: true);
        Assert.Equal([JobKind.Video, JobKind.Image, JobKind.Edit], capabilities.Kinds);
        Assert.Contains("background", capabilities.EditTasks);
        Assert.Equal(new FrameSize(512, 512), capabilities.Sizes[0]);
        Assert.Contains(new FrameSize(model.Package.Description.NativeSize, model.Package.Description.NativeSize), capabilities.Sizes);
        Assert.Equal([4.0], capabilities.Seconds);
        Assert.Equal(16, capabilities.FrameRate);
        Assert.True(capabilities.Loops);
        Assert.True(capabilities.Transparency);
        Assert.True(capabilities.AcceptsPicture);
        Assert.Equal("mp4", capabilities.VideoFormats[0]);
        Assert.Equal("png", capabilities.ImageFormats[0]);
    }

    [Fact]
    public void Build_OfTheStickerModel_OffersItsOwnNoiseSchedulerFirstAndOnlyThoseThatFollowIt()
    {
        var offered = ModelCapabilitiesBuilder.Build(model.Package, "sticker", isDefault: true).NoiseSchedulers;
        Assert.Equal("dpm++-2m", offered[0]);
        Assert.Contains("ddim", offered);
        Assert.DoesNotContain("flow-match-euler", offered);
        Assert.Equal(offered.Distinct(), offered);
    }
}
