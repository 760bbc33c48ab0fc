using Emu.Media.Codecs;
using Emu.Media.Codecs.Png;
using Emu.Media.Pictures;
using Emu.Media.Tests.Support;
using SkiaSharp;

namespace Emu.Media.Tests.Codecs.Png;

public sealed class BandedPngTests
{
    [Theory]
    [InlineData(8, true, "rgba")]
    [InlineData(8, false, "rgba")]
    [InlineData(16, true, "rgba64le")]
    [InlineData(16, false, "rgba64le")]
    public async Task Write_OfSeveralBands_IsWhatAnotherDecoderReads(int bits, bool opaque, string format)
    {
        Ffmpeg.SkipIfMissing();
        var picture = Blotches(1037, 1201, bits, opaque);

        var file = await SourceFiles.FileOfAsync(picture);

        Assert.True(CountOf(file, "IDAT"u8) > 2);
        Assert.Equal(picture.Bytes.ToArray(), await Ffmpeg.RunAsync("ffmpeg", file, "-v", "error", "-f", "png_pipe", "-i", "pipe:0", "-f", "rawvideo", "-pix_fmt", format, "pipe:1"));
        Assert.Equal(picture.Bytes.ToArray(), (await new SourcePictureReader().ReadAsync(file)).Bytes.ToArray());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(20_000, 300)]
    [InlineData(1500, 2100)]
    public async Task Write_OfGrey_IsWhatAnotherDecoderReads(int width, int height)
    {
        var values = new byte[width * height];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (byte)((i * 7 / 3) ^ (i >> 9));
        }
        using var file = new MemoryStream();

        await GreyWriter.WriteAsync(values, width, height, file);

        Assert.Equal(0, file.GetBuffer()[25]);
        var decoded = await new SourcePictureReader(new PictureLimits()).ReadAsync(file.ToArray());
        Assert.Equal((width, height), (decoded.Width, decoded.Height));
        var reds = new byte[values.Length];
        for (var i = 0; i < reds.Length; i++)
        {
            reds[i] = decoded.Bytes[4 * i];
        }
        Assert.Equal(values, reds);
        using var bitmap = SKBitmap.Decode(file.ToArray());
        Assert.Equal(values[^1], bitmap.GetPixel(width - 1, height - 1).Green);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(70)]
    public void Filter_RowLikeTheOneAbove_IsUp(int pixels)
    {
        byte[] row = [0, 0, 0, .. Enumerable.Range(0, 3 * pixels).Select(i => (byte)((i * i * 31) + 90))];
        var filtered = new byte[row.Length - 2];

        new PngRowFilter(3, 3 * pixels).Filter(row, row, filtered);

        Assert.Equal(2, filtered[0]);
        Assert.False(filtered.AsSpan(1).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Filter_RowOfOneColorBelowAnother_IsLeft()
    {
        const int pixels = 70;
        byte[] row = [0, 0, 0, .. Enumerable.Range(0, 3 * pixels).Select(i => (byte)(70 + (i % 3)))];
        byte[] above = [0, 0, 0, .. Enumerable.Range(0, 3 * pixels).Select(i => (byte)(i * 91))];
        var filtered = new byte[row.Length - 2];

        new PngRowFilter(3, 3 * pixels).Filter(row, above, filtered);

        Assert.Equal([1, 70, 71, 72, 0, 0, 0], filtered[..7]);
        Assert.False(filtered.AsSpan(4).ContainsAnyExcept((byte)0));
    }

    /// <summary>The example of Wikipedia's article, and zlib's own value of nothing.</summary>
    [Fact]
    public void Checksum_OfKnownBytes_IsTheirs()
    {
        Assert.Equal([0x11, 0xE6, 0x03, 0x98], Adler32.Of("Wikipedia"u8).ToBytes());
        Assert.Equal([0, 0, 0, 1], Adler32.Of([]).ToBytes());
        Assert.Equal(Adler32.Of([]), new Adler32());
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(70_000, 200_001)]
    [InlineData(65_521, 65_521)]
    public void Checksum_OfTwoParts_IsThatOfTheWhole(int first, int second)
    {
        var bytes = new byte[first + second];
        new Random(first).NextBytes(bytes);

        Assert.Equal(Adler32.Of(bytes), Adler32.Of(bytes.AsSpan(0, first)).Then(Adler32.Of(bytes.AsSpan(first)), second));
    }

    /// <summary>Slopes, edges and noise, so that every filter is the best for some row.</summary>
    private static SourcePicture Blotches(int width, int height, int bits, bool opaque) => SourcePicture.CreateByRows(width, height, bits, SourceMetadata.None, (y, bytes) =>
    {
        var random = new Random(y);
        var row = new float[width * SourcePicture.Channels];
        for (var i = 0; i < row.Length; i++)
        {
            var (x, c) = (i / 4, i % 4);
            var slope = (y / 100 % 4) switch { 0 => x * 0.0007f, 1 => y * 0.0005f, 2 => random.NextSingle(), _ => (x + y) * 0.0003f };
            row[i] = c == 3 ? (opaque ? 1 : 0.2f + (slope * 0.5f)) : slope + (c * 0.05f) + (random.NextSingle() * 0.01f);
        }
        SourcePicture.WriteRow(row, bits, bytes);
    });

    private static int CountOf(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type)
    {
        var count = 0;
        for (var at = file.IndexOf(type); at >= 0; at = file.IndexOf(type))
        {
            count++;
            file = file[(at + type.Length)..];
        }
        return count;
    }
}
