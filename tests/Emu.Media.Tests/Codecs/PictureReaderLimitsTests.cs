using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Tests.Support;

namespace Emu.Media.Tests.Codecs;

/// <summary>Bombs, lies, damage and delay.</summary>
public sealed class PictureReaderLimitsTests
{
    private readonly PictureReader _reader = new();

    [Fact]
    public async Task ReadAsync_DecompressionBomb_IsRefusedBeforeDecoding()
    {
        // Eight kilobytes that claim 10 gigapixels.
        var exception = await RefusedAsync(PictureFiles.Png(100_000, 100_000, rows: 20));

        Assert.Equal(PictureErrorCode.TooManyPixels, exception.Code);
        Assert.Contains("100000x100000", exception.Message, StringComparison.Ordinal);
        Assert.Contains("at most 50 megapixels", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_PictureThinnerThanAPixel_IsRefusedBeforeDecoding()
    {
        var exception = await RefusedAsync(PictureFiles.Png(4000, 1, rows: 1));

        Assert.Equal(PictureErrorCode.TooThin, exception.Code);
        Assert.Contains("4000x1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("at most 256 times", exception.Message, StringComparison.Ordinal);
        Assert.Equal(256, (await _reader.ReadAsync(PictureFiles.Png(256, 1, rows: 1), TestContext.Current.CancellationToken)).Width);
    }

    [Fact]
    public async Task ReadAsync_FewerRowsThanTheHeaderSays_IsRefused() =>
        Assert.Equal(PictureErrorCode.Damaged, (await RefusedAsync(PictureFiles.Png(64, 64, rows: 32))).Code);

    [Theory]
    [InlineData("rgba.png", 16)]
    [InlineData("palette.bmp", 18)]
    [InlineData("still.gif", 6)]
    public async Task ReadAsync_HeaderThatLies_IsRefused(string name, int widthAt)
    {
        var file = Goldens.PictureFile(name);
        file[widthAt + (name.EndsWith(".png", StringComparison.Ordinal) ? 2 : 1)] = 0x10;

        if (name == "still.gif")
        {
            // A GIF's image may be smaller than its screen: it is then surrounded by nothing.
            Assert.Equal(37 + 0x1000, (await _reader.ReadAsync(file, TestContext.Current.CancellationToken)).Width);
            return;
        }
        Assert.Equal(PictureErrorCode.Damaged, (await RefusedAsync(file)).Code);
    }

    [Fact]
    public async Task ReadAsync_FramesSizeOfJpegChanged_NeverReturnsAnotherSize()
    {
        var file = Goldens.PictureFile("baseline.jpg");
        var at = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        file[at + 5] = 0x40;

        Assert.Equal(PictureErrorCode.Damaged, (await RefusedAsync(file)).Code);
    }

    [Fact]
    public async Task ReadAsync_TooManyBytes_IsRefusedWithoutReadingOn()
    {
        var small = new PictureReader(new PictureLimits { MaximumBytes = 1_000_000 });
        await using var endless = new EndlessStream();

        var exception = await Assert.ThrowsAsync<InvalidPictureException>(() => small.ReadAsync(endless));

        Assert.Equal(PictureErrorCode.TooManyBytes, exception.Code);
        Assert.Contains("at most 1 MB", exception.Message, StringComparison.Ordinal);
        Assert.InRange(endless.Given, 1_000_000, 1_200_000);
    }

    [Fact]
    public async Task ReadAsync_JpegThatTakesLong_IsStopped()
    {
        var limited = new PictureReader(new PictureLimits { DecodeTime = TimeSpan.FromMilliseconds(50) });
        var file = SlowJpeg();

        var exception = await Assert.ThrowsAsync<InvalidPictureException>(() => limited.ReadAsync(file));

        Assert.Equal(PictureErrorCode.TooSlow, exception.Code);
        Assert.Contains("0.05 s", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_Cancelled_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        var file = SlowJpeg();
        var reading = _reader.ReadAsync(file, cancellation.Token);

        // A thread of its own: a timer's callback may have to wait for the other tests' work.
        var cancelling = new Thread(cancellation.Cancel);
        cancelling.Start();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        cancelling.Join();
    }

    [Fact]
    public async Task ReadAsync_RealFilesWithChangedBytes_AreReadOrRefused()
    {
        var random = new Random(11);
        foreach (var name in Goldens.Names)
        {
            for (var i = 0; i < 60; i++)
            {
                var file = Goldens.PictureFile(name);
                for (var changes = random.Next(1, 6); changes > 0; changes--)
                {
                    file[random.Next(file.Length)] = (byte)random.Next(256);
                }
                var exception = await Record.ExceptionAsync(() => _reader.ReadAsync(file, TestContext.Current.CancellationToken));
                Assert.True(exception is null or InvalidPictureException, $"{name}, {i}: {exception}");
            }
        }
    }

    /// <summary>24 megapixels, progressive, in 150 scans that each go over the whole picture.</summary>
    private static byte[] SlowJpeg()
    {
        var jpeg = Goldens.PictureFile("progressive.jpg");
        var at = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC2]);
        var scan = jpeg.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        (jpeg[at + 5], jpeg[at + 6], jpeg[at + 7], jpeg[at + 8]) = (0x10, 0, 0x17, 0x70);
        byte[] repeated = [.. jpeg[scan..^2], .. new byte[500]];
        return [.. jpeg[..^2], .. Enumerable.Repeat(repeated, 150).SelectMany(bytes => bytes), 0xFF, 0xD9];
    }

    private async Task<InvalidPictureException> RefusedAsync(byte[] file) =>
        await Assert.ThrowsAsync<InvalidPictureException>(() => _reader.ReadAsync(file, TestContext.Current.CancellationToken));

    private sealed class EndlessStream : MemoryStream
    {
        public long Given { get; private set; }

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Given += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
