using Emu.Media.Limits;
using Emu.Media.Video;

namespace Emu.Media.Tests.Limits;

public sealed class VideoStepsTests
{
    [Fact]
    public void For_NoLimits_BeginsWithTheClipAsItIs()
    {
        var first = Steps(VideoFormat.WebP, new VideoLimits())[0];

        Assert.Equal((1, 16.0, 512, 512, VideoFidelity.Usual), (first.Stride, first.FrameRate, first.Width, first.Height, first.Fidelity));
    }

    [Fact]
    public void For_ClipLongerThanAllowed_IsPlayedFasterWithAllItsFrames()
    {
        var first = Steps(VideoFormat.WebM, new VideoLimits { MaximumSeconds = 3, MaximumFrameRate = 30 })[0];

        Assert.Equal(1, first.Stride);
        Assert.InRange(64 / first.FrameRate, 2.9, 2.99);
    }

    [Theory]
    [InlineData(50, null, 2)]
    [InlineData(null, 10.0, 2)]
    [InlineData(16, 30.0, 4)]
    public void For_TooManyFrames_LeavesThemOutEvenly(int? frames, double? rate, int stride)
    {
        var first = Steps(VideoFormat.Gif, new VideoLimits { MaximumFrames = frames, MaximumFrameRate = rate })[0];

        Assert.Equal(stride, first.Stride);
        Assert.Equal(4.0, 64.0 / stride / first.FrameRate, 6);
    }

    [Theory]
    [InlineData(VideoFormat.Mp4)]
    [InlineData(VideoFormat.WebM)]
    [InlineData(VideoFormat.WebP)]
    [InlineData(VideoFormat.Gif)]
    [InlineData(VideoFormat.Apng)]
    public void For_AnyFormat_GivesUpQualityAndColoursThenFramesThenSize(VideoFormat format)
    {
        var steps = Steps(format, new VideoLimits { MaximumBytes = 1 });

        var fewerFrames = steps.ToList().FindIndex(step => step.Stride > 1);
        var smaller = steps.ToList().FindIndex(step => step.Width < 512);
        Assert.InRange(fewerFrames, 4, smaller - 1);
        Assert.All(steps.Take(fewerFrames), step => Assert.Equal((1, 512), (step.Stride, step.Width)));
        Assert.Equal(steps.Take(fewerFrames).Select(step => step.Fidelity).Distinct().Count(), fewerFrames);
        Assert.All(steps, step => Assert.InRange(step.FrameRate, 4, 16));
        for (var i = 1; i < steps.Count; i++)
        {
            Assert.True(steps[i].EstimatedBytes < steps[i - 1].EstimatedBytes, $"{i}: {steps[i]}");
        }
    }

    [Theory]
    [InlineData(512, 512)]
    [InlineData(300, 328)]
    [InlineData(128, 128)]
    public void For_SmallestSide_IsNeverGoneBelow(int minimum, int reached)
    {
        var steps = Steps(VideoFormat.Apng, new VideoLimits { MaximumBytes = 1, MinimumSide = minimum });

        Assert.Equal(reached, steps.Min(step => step.Width));
    }

    [Fact]
    public void ComparedWith_SaysWhatWasGivenUp()
    {
        var steps = Steps(VideoFormat.Gif, new VideoLimits { MaximumBytes = 1 });

        Assert.Empty(steps[0].ComparedWith(steps[0]));
        var words = string.Join(", ", steps.First(step => step.Width == 256).ComparedWith(steps[0]));
        Assert.Equal("a lower quality, 64 colours, 8 instead of 16 frames a second, 256×256 instead of 512×512 pixels", words);
    }

    private static IReadOnlyList<VideoStep> Steps(VideoFormat format, VideoLimits limits) => VideoSteps.For(new VideoEncoding { Format = format }, 64, 512, 512, limits);
}
