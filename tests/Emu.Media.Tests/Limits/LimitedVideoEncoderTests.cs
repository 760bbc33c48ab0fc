using Emu.Media.Limits;
using Emu.Media.Pictures;
using Emu.Media.Tests.Support;
using Emu.Media.Video;

namespace Emu.Media.Tests.Limits;

public sealed class LimitedVideoEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LimitedVideoEncoder _encoder = new();
    private int _readings;

    public LimitedVideoEncoderTests() => Ffmpeg.SkipIfMissing();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(VideoFormat.Mp4, 6_000)]
    [InlineData(VideoFormat.WebM, 8_000)]
    [InlineData(VideoFormat.WebP, 16_000)]
    [InlineData(VideoFormat.Gif, 16_000)]
    [InlineData(VideoFormat.Apng, 24_000)]
    public async Task EncodeAsync_MaximumBytes_IsKeptAndWhatWasGivenUpIsSaid(VideoFormat format, int maximum)
    {
        var path = _folder.File("a" + format.Extension());

        var made = await EncodeAsync(format, new VideoLimits { MaximumBytes = maximum }, path);

        Assert.InRange(new FileInfo(path).Length, maximum / 8, maximum);
        Assert.Equal(new FileInfo(path).Length, made.Video.Length);
        Assert.NotEmpty(made.Reductions);
        Assert.InRange(made.Attempts, 1, SizeSearch.MaximumAttempts + 1);
        Assert.Equal(1.0, made.Video.Duration.TotalSeconds, 2);
        Assert.Equal([Path.GetFileName(path)], _folder.Names());
    }

    [Fact]
    public async Task EncodeAsync_FileThatIsSmallEnough_GivesNothingUpAndIsEncodedOnce()
    {
        var made = await EncodeAsync(VideoFormat.WebM, new VideoLimits { MaximumBytes = 10_000_000 }, _folder.File("a.webm"));

        Assert.Empty(made.Reductions);
        Assert.Equal((1, 1, 16), (made.Attempts, _readings, made.Video.FrameCount));
    }

    [Fact]
    public async Task EncodeAsync_CannotBeSmallEnough_NamesTheSmallestAndLeavesNothing()
    {
        using var destination = new MemoryStream();

        var error = await Assert.ThrowsAsync<SizeLimitException>(() =>
            _encoder.EncodeAsync(Read, 16, (96, 96), new() { Format = VideoFormat.Gif }, new() { MaximumBytes = 300, MinimumSide = 96 }, destination, Cancellation));

        Assert.Equal(0, destination.Length);
        Assert.True(error.SmallestBytes > 300);
        Assert.Contains($"{error.SmallestBytes:#,0}", error.Message, StringComparison.Ordinal);
        Assert.Contains("300 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EncodeAsync_MaximumSeconds_PlaysTheWholeLoopFaster()
    {
        var path = _folder.File("a.webm");

        var made = await EncodeAsync(VideoFormat.WebM, new VideoLimits { MaximumSeconds = 0.5 }, path, frameCount: null);

        Assert.Equal(16, made.Video.FrameCount);
        Assert.InRange(double.Parse((await Ffmpeg.ProbeAsync(path)).GetProperty("format").GetProperty("duration").GetString()!, System.Globalization.CultureInfo.InvariantCulture), 0.4, 0.5);
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 6)]
    public async Task EncodeAsync_ReducedApng_HasAPaletteOnlyWhereAllowed(bool allowed, byte colorType)
    {
        var path = _folder.File("a.png");

        await EncodeAsync(VideoFormat.Apng, new VideoLimits { MaximumBytes = 60_000 }, path, allowsPalette: allowed);

        // The colour type of IHDR: 3 is a palette, 6 is RGBA.
        Assert.Equal(colorType, (await File.ReadAllBytesAsync(path, Cancellation))[25]);
    }

    [Fact]
    public async Task EncodeAsync_SameFramesAndLimits_GiveTheSameBytes()
    {
        await EncodeAsync(VideoFormat.WebP, new VideoLimits { MaximumBytes = 16_000 }, _folder.File("a.webp"));
        await EncodeAsync(VideoFormat.WebP, new VideoLimits { MaximumBytes = 16_000 }, _folder.File("b.webp"));

        Assert.Equal(await File.ReadAllBytesAsync(_folder.File("a.webp"), Cancellation), await File.ReadAllBytesAsync(_folder.File("b.webp"), Cancellation));
    }

    private async Task<LimitedVideo> EncodeAsync(VideoFormat format, VideoLimits limits, string path, int? frameCount = 16, bool allowsPalette = true)
    {
        await using var destination = File.Create(path);
        var encoding = new VideoEncoding { Format = format, Transparent = true, AllowsPalette = allowsPalette };
        return await _encoder.EncodeAsync(Read, frameCount, (96, 96), encoding, limits, destination, Cancellation);
    }

    private IAsyncEnumerable<Picture> Read(CancellationToken cancellationToken)
    {
        _readings++;
        return Frames.Grainy(96, 16).ToAsyncEnumerable();
    }
}
