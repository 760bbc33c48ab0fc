using Emu.Media.Video;

namespace Emu.Media.Tests.Video;

public sealed class VideoFormatsTests
{
    [Theory]
    [InlineData("a.mp4", VideoFormat.Mp4)]
    [InlineData("A.MP4", VideoFormat.Mp4)]
    [InlineData("folder.gif/a.webp", VideoFormat.WebP)]
    [InlineData("a.png", VideoFormat.Apng)]
    [InlineData("a.apng", VideoFormat.Apng)]
    [InlineData("a.gif", VideoFormat.Gif)]
    [InlineData("a.webm", VideoFormat.WebM)]
    public void TryFromExtension_Known_NamesTheFormat(string path, VideoFormat expected)
    {
        Assert.True(VideoFormats.All.TryFromExtension(path, out var format));
        Assert.Equal(expected, format);
    }

    [Theory]
    [InlineData("a.avi")]
    [InlineData("mp4")]
    [InlineData("")]
    public void TryFromExtension_Unknown_IsFalse(string path) => Assert.False(VideoFormats.All.TryFromExtension(path, out _));

    [Fact]
    public void AcceptedExtensions_All_AreListedInOrder() => Assert.Equal(".mp4, .gif, .webp, .png, .apng, .webm", VideoFormats.All.AcceptedExtensions);

    [Fact]
    public void All_EveryFormat_IsFoundByExtensionAndName()
    {
        foreach (var format in Enum.GetValues<VideoFormat>())
        {
            Assert.True(VideoFormats.All.TryFromExtension("a" + format.Extension(), out var found));
            Assert.Equal(format, found);
            Assert.Contains(format.Extension(), VideoFormats.All.AcceptedExtensions, StringComparison.Ordinal);
            Assert.Matches("^(video|image)/[a-z0-9]+$", VideoFormats.All[format].MediaType);
            Assert.True(VideoFormats.All.TryParse(VideoFormats.All[format].Name, out var named));
            Assert.Equal(format, named);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(241)]
    [InlineData(double.NaN)]
    public void VideoEncoding_FramesPerSecondOutOfRange_IsRefused(double rate) =>
        Assert.Contains("at most 240", Assert.Throws<ArgumentOutOfRangeException>(() => new VideoEncoding { Format = VideoFormat.Mp4, FramesPerSecond = rate }).Message, StringComparison.Ordinal);
}
