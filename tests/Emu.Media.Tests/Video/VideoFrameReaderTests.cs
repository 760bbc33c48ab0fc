using Emu.Media.Tests.Support;
using Emu.Media.Video;

namespace Emu.Media.Tests.Video;

public sealed class VideoFrameReaderTests
{
    private readonly VideoFrameReader _reader = new();

    public VideoFrameReaderTests() => Ffmpeg.SkipIfMissing();

    [Theory]
    [InlineData(VideoFormat.Mp4, 255)]
    [InlineData(VideoFormat.Gif, 0)]
    [InlineData(VideoFormat.Apng, 0)]
    [InlineData(VideoFormat.WebM, 0)]
    public async Task ReadAsync_OfEncodedVideo_GivesEveryFrame(VideoFormat format, byte cornerAlpha)
    {
        using var file = new MemoryStream();
        await new VideoEncoder().EncodeAsync(Frames.Loop(64, 48, 64).ToAsyncEnumerable(), new() { Format = format, Transparent = true }, file, null, TestContext.Current.CancellationToken);
        file.Position = 0;

        var frames = await _reader.ReadAsync(file, format).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(64, frames.Count);
        Assert.All(frames, frame => Assert.Equal((64, 48), (frame.Width, frame.Height)));
        Assert.All(frames, frame => Assert.InRange(frame[0, 0].Alpha, Math.Max(0, cornerAlpha - 8), Math.Min(255, cornerAlpha + 8)));
    }

    [Fact]
    public void ReadAsync_WebP_SaysWhatCanBeRead()
    {
        var exception = Assert.Throws<NotSupportedException>(() => _reader.ReadAsync(Stream.Null, VideoFormat.WebP));

        Assert.Contains("Readable: MP4", exception.Message, StringComparison.Ordinal);
    }
}
