using Emu.Media.Pictures;
using Emu.Media.Tests.Support;
using Emu.Media.Video;

namespace Emu.Media.Tests.Video;

public sealed class VideoEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly VideoEncoder _encoder = new();

    public VideoEncoderTests() => Ffmpeg.SkipIfMissing();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EncodeAsync_Mp4_IsH264Yuv420pOfFourSecondsWithItsIndexFirst()
    {
        var path = _folder.File("a.mp4");

        var video = await _encoder.EncodeAsync(Frames.Loop(64, 64, 64), new() { Format = VideoFormat.Mp4, FrameCount = 64 }, path);

        var stream = (await Ffmpeg.ProbeAsync(path)).GetProperty("streams")[0];
        Assert.Equal("h264", stream.GetProperty("codec_name").GetString());
        Assert.Equal("yuv420p", stream.GetProperty("pix_fmt").GetString());
        Assert.Equal("64", stream.GetProperty("nb_read_frames").GetString());
        Assert.Equal("4.000000", stream.GetProperty("duration").GetString());
        Assert.Equal("16/1", stream.GetProperty("avg_frame_rate").GetString());
        Assert.Equal("bt709", stream.GetProperty("color_space").GetString());
        Assert.Equal("bt709", stream.GetProperty("color_transfer").GetString());
        Assert.Equal("bt709", stream.GetProperty("color_primaries").GetString());
        Assert.Equal("tv", stream.GetProperty("color_range").GetString());
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var boxes = Containers.Mp4Boxes(bytes);
        Assert.True(boxes.IndexOf("moov") < boxes.IndexOf("mdat"), string.Join(' ', boxes));
        Assert.Equal(new EncodedVideo(64, TimeSpan.FromSeconds(4), 64, 64, bytes.Length), video);
        Assert.Equal(["a.mp4"], _folder.Names());
    }

    [Theory]
    [InlineData(33, 31, 34, 32)]
    [InlineData(33, 32, 34, 32)]
    [InlineData(1, 1, 2, 2)]
    public async Task EncodeAsync_Mp4OfOddSize_RepeatsTheLastColumnAndRow(int width, int height, int evenWidth, int evenHeight)
    {
        var path = _folder.File("odd.mp4");

        await _encoder.EncodeAsync(Enumerable.Repeat(Picture.Filled(width, height, new(200, 40, 90)), 4), new() { Format = VideoFormat.Mp4 }, path);

        Assert.Equal(evenWidth.ToString(), await Ffmpeg.StreamAsync(path, "width"));
        Assert.Equal(evenHeight.ToString(), await Ffmpeg.StreamAsync(path, "height"));
        var pixels = await Ffmpeg.DecodeAsync(path);
        Goldens.AssertNear([200, 40, 90, 255], pixels.AsSpan(evenWidth * evenHeight * 4 - 4, 4), 4);
    }

    [Fact]
    public async Task EncodeAsync_Gif_RepeatsForEverAndLastsFourSeconds()
    {
        var path = _folder.File("a.gif");

        await _encoder.EncodeAsync(Frames.Loop(64, 64, 64), new() { Format = VideoFormat.Gif }, path);

        var (loops, delays) = Containers.Gif(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(0, loops);
        Assert.Equal(64, delays.Count);
        Assert.Equal(400, delays.Sum());
    }

    [Fact]
    public async Task EncodeAsync_Apng_RepeatsForEverAndLastsFourSeconds()
    {
        var path = _folder.File("a.png");

        await _encoder.EncodeAsync(Frames.Loop(64, 64, 64), new() { Format = VideoFormat.Apng }, path);

        var (plays, frames, seconds) = Containers.Apng(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(0, plays);
        Assert.Equal(64, frames);
        Assert.Equal(4.0, seconds, 6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EncodeAsync_WebP_RepeatsForEverAndLastsFourSeconds(bool equalFrames)
    {
        var path = _folder.File("a.webp");
        var frames = Enumerable.Range(0, 64).Select(i => Frames.Disc(64, 64, equalFrames ? i / 24 : i, 64));

        await _encoder.EncodeAsync(frames, new() { Format = VideoFormat.WebP, Transparent = true }, path);

        var (loops, milliseconds, alpha) = Containers.WebP(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(0, loops);
        Assert.Equal(4000, milliseconds);
        Assert.True(alpha);
    }

    [Fact]
    public async Task EncodeAsync_WebM_IsVp9OfFourSeconds()
    {
        var path = _folder.File("a.webm");

        await _encoder.EncodeAsync(Frames.Loop(64, 64, 64), new() { Format = VideoFormat.WebM }, path);

        var probe = await Ffmpeg.ProbeAsync(path);
        Assert.Equal("vp9", probe.GetProperty("streams")[0].GetProperty("codec_name").GetString());
        Assert.Equal("64", probe.GetProperty("streams")[0].GetProperty("nb_read_frames").GetString());
        // WebM counts in milliseconds: the last frame's 62.5 are rounded up.
        Assert.Equal("4.001000", probe.GetProperty("format").GetProperty("duration").GetString());
    }

    [Theory]
    [InlineData(VideoFormat.Mp4)]
    [InlineData(VideoFormat.Gif)]
    [InlineData(VideoFormat.WebP)]
    [InlineData(VideoFormat.Apng)]
    [InlineData(VideoFormat.WebM)]
    public async Task EncodeAsync_SameFrames_GiveTheSameBytes(VideoFormat format)
    {
        using var first = new MemoryStream();
        using var second = new MemoryStream();

        await _encoder.EncodeAsync(Frames.Loop(64, 64, 16).ToAsyncEnumerable(), new() { Format = format, Transparent = true }, first);
        await _encoder.EncodeAsync(Frames.Loop(64, 64, 16).ToAsyncEnumerable(), new() { Format = format, Transparent = true }, second);

        Assert.True(first.Length > 100);
        Assert.Equal(first.ToArray(), second.ToArray());
    }

    [Fact]
    public async Task EncodeAsync_FolderWithQuotesAndSpaces_IsWrittenThere()
    {
        var odd = Directory.CreateDirectory(_folder.File("a \"b' $(c) ü")).FullName;

        await _encoder.EncodeAsync(Frames.Loop(16, 16, 2), new() { Format = VideoFormat.Mp4 }, Path.Combine(odd, "-y \"x:y.mp4"));

        Assert.Equal("-y \"x:y.mp4", Path.GetFileName(Assert.Single(Directory.GetFiles(odd))));
    }

    [Fact]
    public async Task EncodeAsync_Progress_CountsEveryFrame()
    {
        var counts = new List<int>();

        await _encoder.EncodeAsync(Frames.Loop(16, 16, 5), new() { Format = VideoFormat.Apng }, _folder.File("a.png"), new Recorder(counts));

        Assert.Equal([1, 2, 3, 4, 5], counts);
    }

    private sealed class Recorder(List<int> values) : IProgress<int>
    {
        public void Report(int value) => values.Add(value);
    }
}
