using Emu.Media.Pictures;
using Emu.Media.Tests.Support;
using Emu.Media.Video;

namespace Emu.Media.Tests.Video;

/// <summary>What is seen: colour, alpha, ground.</summary>
public sealed class VideoEncoderPictureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly VideoEncoder _encoder = new();

    public VideoEncoderPictureTests() => Ffmpeg.SkipIfMissing();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EncodeAsync_TransparentApng_IsLossless()
    {
        var path = _folder.File("a.png");
        var frames = Frames.Loop(48, 40, 8).ToArray();

        await _encoder.EncodeAsync(frames, new() { Format = VideoFormat.Apng, Transparent = true }, path);

        Assert.Equal(frames.SelectMany(frame => frame.Samples.ToArray()), await Ffmpeg.DecodeAsync(path));
    }

    [Theory]
    [InlineData(VideoFormat.Gif, new string[0], 12)]
    [InlineData(VideoFormat.WebM, new[] { "-c:v", "libvpx-vp9" }, 12)]
    public async Task EncodeAsync_Transparent_KeepsAlpha(VideoFormat format, string[] decoder, int tolerance)
    {
        var path = _folder.File("alpha" + format.Extension());
        var frames = Frames.Loop(64, 64, 16).ToArray();

        await _encoder.EncodeAsync(frames, new() { Format = format, Transparent = true }, path);

        var pixels = await Ffmpeg.DecodeAsync(path, decoder);
        Assert.Equal(64 * 64 * 4 * 16, pixels.Length);
        for (var i = 0; i < frames.Length; i++)
        {
            var frame = pixels.AsSpan(i * 64 * 64 * 4, 64 * 64 * 4);
            Assert.InRange(frame[3], 0, tolerance);
            var (x, y) = ((int)(32 + (12.8 * Math.Cos(2 * Math.PI * i / 16))), (int)(32 + (12.8 * Math.Sin(2 * Math.PI * i / 16))));
            var middle = frames[i][x, y];
            Goldens.AssertNear([middle.Red, middle.Green, middle.Blue, 255], frame.Slice(((y * 64) + x) * 4, 4), 24);
        }
    }

    [Theory]
    [InlineData(VideoFormat.Mp4, true)]
    [InlineData(VideoFormat.Mp4, false)]
    [InlineData(VideoFormat.Gif, false)]
    [InlineData(VideoFormat.Apng, false)]
    [InlineData(VideoFormat.WebM, false)]
    public async Task EncodeAsync_NotTransparent_LiesOnWhite(VideoFormat format, bool transparent)
    {
        var path = _folder.File("white" + format.Extension());

        await _encoder.EncodeAsync(Frames.Loop(64, 64, 4), new() { Format = format, Transparent = transparent }, path);

        var pixels = await Ffmpeg.DecodeAsync(path);
        for (var at = 0; at < pixels.Length; at += 64 * 64 * 4)
        {
            Goldens.AssertNear([255, 255, 255, 255], pixels.AsSpan(at, 4), 2);
        }
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 255)]
    public async Task EncodeAsync_WebP_KeepsAlphaOrLiesOnWhite(bool transparent, byte alpha)
    {
        var path = _folder.File("a.webp");

        await _encoder.EncodeAsync(Frames.Loop(64, 64, 4), new() { Format = VideoFormat.WebP, Transparent = transparent }, path);

        // ffmpeg 5.1 cannot read animated WebP.
        using var codec = SkiaSharp.SKCodec.Create(path);
        Assert.Equal(4, codec.FrameCount);
        for (var i = 0; i < codec.FrameCount; i++)
        {
            var pixels = new byte[64 * 64 * 4];
            unsafe
            {
                fixed (byte* first = pixels)
                {
                    var info = new SkiaSharp.SKImageInfo(64, 64, SkiaSharp.SKColorType.Rgba8888, SkiaSharp.SKAlphaType.Unpremul);
                    Assert.Equal(SkiaSharp.SKCodecResult.Success, codec.GetPixels(info, (nint)first, new SkiaSharp.SKCodecOptions(i)));
                }
            }
            Assert.Equal(alpha, pixels[3]);
            Assert.Equal(alpha == 0 ? 0 : 255, pixels[0]);
        }
    }

    [Fact]
    public async Task EncodeAsync_BackgroundColour_IsUsedInPlaceOfWhite()
    {
        var path = _folder.File("blue.png");

        await _encoder.EncodeAsync(Frames.Loop(32, 32, 2), new() { Format = VideoFormat.Apng, Background = new(10, 20, 250) }, path);

        var pixels = await Ffmpeg.DecodeAsync(path);
        Assert.Equal(new byte[] { 10, 20, 250, 255 }, pixels[..4]);
    }

    [Theory]
    [InlineData(VideoFormat.Mp4)]
    [InlineData(VideoFormat.WebM)]
    public async Task EncodeAsync_ColourBars_ComeBackAlike(VideoFormat format)
    {
        PictureColor[] bars = [new(255, 255, 255), new(230, 210, 20), new(20, 200, 220), new(30, 180, 40), new(200, 30, 190), new(220, 25, 30), new(25, 40, 200), new(0, 0, 0)];
        var picture = Picture.Create(256, 32, bars, static (samples, bars) =>
        {
            for (var i = 0; i < samples.Length; i += 4)
            {
                var bar = bars[i / 4 % 256 / 32];
                (samples[i], samples[i + 1], samples[i + 2], samples[i + 3]) = (bar.Red, bar.Green, bar.Blue, bar.Alpha);
            }
        });
        var path = _folder.File("bars" + format.Extension());

        await _encoder.EncodeAsync(Enumerable.Repeat(picture, 8), new() { Format = format }, path);

        var pixels = await Ffmpeg.DecodeAsync(path);
        for (var bar = 0; bar < bars.Length; bar++)
        {
            Goldens.AssertNear([bars[bar].Red, bars[bar].Green, bars[bar].Blue, 255], pixels.AsSpan(((16 * 256) + (bar * 32) + 16) * 4, 4), 5);
        }
    }
}
