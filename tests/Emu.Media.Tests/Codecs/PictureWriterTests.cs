using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Tests.Support;

namespace Emu.Media.Tests.Codecs;

public sealed class PictureWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PictureWriter _writer = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(PictureFormat.Png, 100)]
    [InlineData(PictureFormat.WebP, 100)]
    public async Task WriteAsync_Lossless_ComesBackUnchanged(PictureFormat format, int quality)
    {
        var picture = Frames.Disc(61, 47, 1, 5);

        await _writer.WriteAsync(picture, _folder.File("a"), new() { Format = format, Quality = quality });

        Assert.Equal(0, Goldens.Difference(picture, await new PictureReader().ReadAsync(_folder.File("a")), minimumAlpha: 1));
        Assert.Equal(["a"], _folder.Names());
    }

    [Fact]
    public async Task WriteAsync_Png_KeepsEveryByteAlsoUnderAlphaZero()
    {
        var picture = Frames.Noise(33, 21, 4);

        await _writer.WriteAsync(picture, _folder.File("a.png"));

        var read = await new PictureReader().ReadAsync(_folder.File("a.png"));
        Assert.Equal(picture.Samples, read.Samples);
    }

    [Fact]
    public async Task WriteAsync_Png_IsReadAlikeByFfmpeg()
    {
        Ffmpeg.SkipIfMissing();
        var picture = Frames.Disc(40, 30, 0, 1);

        await _writer.WriteAsync(picture, _folder.File("a.png"));

        Assert.Equal(picture.Samples.ToArray(), await Ffmpeg.DecodeAsync(_folder.File("a.png")));
    }

    [Fact]
    public async Task WriteAsync_Jpeg_LiesOnItsBackground()
    {
        await _writer.WriteAsync(Frames.Disc(40, 30, 0, 1), _folder.File("a.jpg"), new() { Format = PictureFormat.Jpeg, Background = new(0, 0, 200) });

        var corner = (await new PictureReader().ReadAsync(_folder.File("a.jpg")))[0, 0];
        Assert.InRange(corner.Blue, 195, 205);
        Assert.InRange(corner.Red, 0, 5);
    }

    [Fact]
    public async Task WriteAsync_FormatCannotHoldTheSize_SaysSoAndLeavesNothing()
    {
        await Assert.ThrowsAsync<NotSupportedException>(() =>
            _writer.WriteAsync(Picture.Filled(17_000, 1, PictureColor.White), _folder.File("a.webp"), new() { Format = PictureFormat.WebP }));

        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task WriteAsync_SamePicture_GivesTheSameBytes()
    {
        await _writer.WriteAsync(Frames.Disc(40, 30, 0, 1), _folder.File("a.png"));
        await _writer.WriteAsync(Frames.Disc(40, 30, 0, 1), _folder.File("b.png"));

        Assert.Equal(await File.ReadAllBytesAsync(_folder.File("a.png")), await File.ReadAllBytesAsync(_folder.File("b.png")));
    }

    [Fact]
    public void PictureEncoding_GifOrBmp_IsRefused() =>
        Assert.Contains("PNG, JPEG or WebP", Assert.Throws<ArgumentOutOfRangeException>(() => new PictureEncoding { Format = PictureFormat.Gif }).Message, StringComparison.Ordinal);
}
