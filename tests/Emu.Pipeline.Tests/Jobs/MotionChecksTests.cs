using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;

namespace Emu.Pipeline.Tests.Jobs;

public sealed class MotionChecksTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_000);

    private static ModelCapabilities Moving { get; } = TestModels.Sticker with { MovesPictures = true, Motions = ["bounce", "spin", "drift left"], Cameras = ["zoom", "pan"] };

    [Theory]
    [InlineData("bounce", "bounce")]
    [InlineData("bounce,0.6", "bounce,0.6")]
    [InlineData(" drift left , 1 ;; spin", "drift left , 1;spin")]
    [InlineData("none", "none")]
    public void Resolve_KnownMotions_KeepsThem(string motion, string kept) =>
        Assert.Equal(kept, Resolve(draft => draft with { Motion = motion }).Motion);

    [Theory]
    [InlineData("bouce", "'bounce'")]
    [InlineData("bounce;spon", "'spin'")]
    [InlineData("Spin", "'spin'")]
    [InlineData("bounce,2", "from 0 to 1")]
    [InlineData("bounce,x", "from 0 to 1")]
    [InlineData("bounce,0.1,0.2", "from 0 to 1")]
    [InlineData(";", "empty")]
    public void Resolve_UnknownMotion_IsRefusedWithTheNearest(string motion, string named)
    {
        var refused = Assert.Throws<InvalidJobException>(() => Resolve(draft => draft with { Motion = motion }));
        Assert.Equal("motion", refused.Parameter);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_UnknownCamera_IsRefusedWithTheNearest()
    {
        Assert.Equal("pan", Resolve(draft => draft with { Camera = "pan" }).Camera);
        var refused = Assert.Throws<InvalidJobException>(() => Resolve(draft => draft with { Camera = "zom" }));
        Assert.Equal("camera", refused.Parameter);
        Assert.Contains("'zoom'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_MotionForAModelWithoutAny_SaysSo() =>
        Assert.Contains("takes no motion", Assert.Throws<InvalidJobException>(() => JobRequestChecks.Resolve(TestModels.Video() with { Motion = "spin" }, TestModels.Sticker, null, Now)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(640, 480, "640x480")]
    [InlineData(451, 300, "452x300")]
    [InlineData(4000, 3000, "1024x768")]
    [InlineData(16, 64, "16x64")]
    public void Resolve_PictureThatIsMoved_HasItsOwnSize(int width, int height, string size) =>
        Assert.Equal(size, Resolve(draft => draft, new FrameSize(width, height)).Size.ToString());

    [Theory]
    [InlineData(15, 40, "picture_too_small")]
    [InlineData(20, 100, "picture_too_thin")]
    public void Resolve_PictureThatCannotBeMoved_IsRefused(int width, int height, string code) =>
        Assert.Equal(("input_reference", code), Refused(new FrameSize(width, height)));

    [Fact]
    public void Resolve_SizeThatIsGiven_IsThat() => Assert.Equal("128x128", Resolve(draft => draft with { Size = new FrameSize(128, 128) }, new FrameSize(640, 480)).Size.ToString());

    [Fact]
    public void Resolve_ModelThatDrawsPicturesAnew_HasTheModelsSize() =>
        Assert.Equal("64x64", JobRequestChecks.Resolve(TestModels.Video(), TestModels.Sticker, new JobArtifacts("input.png", Size: new FrameSize(5, 500)), Now).Size.ToString());

    private static (string?, string) Refused(FrameSize size)
    {
        var refused = Assert.Throws<InvalidJobException>(() => Resolve(draft => draft, size));
        return (refused.Parameter, refused.Code);
    }

    private static JobRequest Resolve(Func<JobDraft, JobDraft> change, FrameSize? picture = null) =>
        JobRequestChecks.Resolve(change(TestModels.Video()), Moving, picture is null ? null : new JobArtifacts("input.png", Size: picture), Now);
}
