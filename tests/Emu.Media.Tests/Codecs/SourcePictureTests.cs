using System.Runtime.InteropServices;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Tests.Support;
using SkiaSharp;
using static Emu.Media.Tests.Support.SourceFiles;

namespace Emu.Media.Tests.Codecs;

public sealed class SourcePictureTests
{
    private readonly SourcePictureReader _reader = new();
    private readonly SourcePictureWriter _writer = new();

    [Fact]
    public async Task Read_SixteenBitPngOfAnotherEncoder_HasItsVerySamples()
    {
        var samples = RandomSamples(Width * Height * 4, 1);
        for (var i = 3; i < samples.Length; i += 4)
        {
            samples[i] = Math.Max((ushort)1, samples[i]);
        }
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba16161616, SKAlphaType.Unpremul));
        MemoryMarshal.AsBytes(samples.AsSpan()).CopyTo(bitmap.GetPixelSpan());
        using var png = bitmap.PeekPixels().Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 6))!;

        var read = await _reader.ReadAsync(png.ToArray());

        Assert.Equal((Width, Height, 16), (read.Width, read.Height, read.Bits));
        Assert.Equal(samples, MemoryMarshal.Cast<byte, ushort>(read.Bytes).ToArray());
    }

    [Fact]
    public async Task Write_SixteenBits_AreWhatAnotherDecoderReads()
    {
        Ffmpeg.SkipIfMissing();
        var picture = RandomPicture(16, 2, opaque: false);

        var file = await FileOfAsync(picture);

        var decoded = await Ffmpeg.RunAsync("ffmpeg", file, "-v", "error", "-f", "png_pipe", "-i", "pipe:0", "-f", "rawvideo", "-pix_fmt", "rgba64le", "pipe:1");
        Assert.Equal(16, file[24]);
        Assert.Equal(picture.Bytes.ToArray(), decoded);
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(8, false)]
    [InlineData(16, true)]
    [InlineData(16, false)]
    public async Task Read_OfWhatWasWritten_IsTheSame(int bits, bool opaque)
    {
        var picture = RandomPicture(bits, 3, opaque);

        var read = await _reader.ReadAsync(await FileOfAsync(picture));

        Assert.Equal(bits, read.Bits);
        Assert.Equal(picture.Bytes.ToArray(), read.Bytes.ToArray());
    }

    [Fact]
    public async Task Read_GreyOfSixteenBits_IsGreyInAllChannels()
    {
        byte[] row = [.. Enumerable.Range(0, 32 * 2).Select(i => (byte)(i * 37))];
        var png = PictureFiles.Png(16, 0, row);

        var read = await new SourcePictureReader(new PictureLimits()).ReadAsync(png);

        for (var x = 0; x < 32; x++)
        {
            var value = (ushort)((row[2 * x] << 8) | row[(2 * x) + 1]);
            Assert.Equal([value, value, value, 65_535], read.RowSamples16(0).Slice(4 * x, 4).ToArray());
        }
    }

    [Fact]
    public async Task Read_Palette_HasItsColors()
    {
        var header = PictureFiles.PngHeader(16, 1, 8, 3);
        using var data = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(data, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write([0, .. Enumerable.Range(0, 16).Select(i => (byte)(i & 1))]);
        }
        byte[] png = [.. PictureFiles.PngSignature, .. header, .. PictureFiles.Chunk("PLTE", 1, 2, 3, 250, 251, 252), .. PictureFiles.Chunk("tRNS", 255, 77), .. PictureFiles.Chunk("IDAT", data.ToArray()), .. PictureFiles.Chunk("IEND")];

        var read = await new SourcePictureReader(new PictureLimits()).ReadAsync(png);

        Assert.Equal([1, 2, 3, 255, 250, 251, 252, 77], read.Bytes[..8].ToArray());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public async Task Read_Turned_IsTurnedOnceAndTheTagIsGone(int bits)
    {
        var picture = RandomPicture(bits, 4, opaque: true);
        var file = PictureFiles.PngWithExif(await FileOfAsync(picture), ExifWithArtist(orientation: 6));

        var read = await _reader.ReadAsync(file);
        var again = await _reader.ReadAsync(await FileOfAsync(read));

        Assert.Equal((Height, Width), (read.Width, read.Height));
        // A quarter clockwise: the first row comes from the first column, upwards.
        for (var x = 0; x < Height; x++)
        {
            Assert.Equal(picture.RowBytes(Height - 1 - x)[..picture.BytesPerPixel].ToArray(), read.RowBytes(0).Slice(x * read.BytesPerPixel, read.BytesPerPixel).ToArray());
        }
        Assert.Equal(read.Bytes.ToArray(), again.Bytes.ToArray());
        using var shown = SKCodec.Create(new MemoryStream(await FileOfAsync(read)));
        Assert.Equal(SKEncodedOrigin.TopLeft, shown.EncodedOrigin);
        Assert.Contains("Emu", System.Text.Encoding.Latin1.GetString(read.Metadata.Exif!.Value.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ToAFile_IsWhatIsWrittenToAStream()
    {
        using var folder = new TemporaryFolder();
        var picture = RandomPicture(16, 12, opaque: false).With(new SourceMetadata(null, new byte[3000], ExifWithArtist(orientation: null), Xmp, Iptc));

        await _writer.WriteAsync(picture, folder.File("a.png"));

        Assert.Equal(await FileOfAsync(picture), await File.ReadAllBytesAsync(folder.File("a.png")));
        Assert.Equal(["a.png"], folder.Names());
    }

    [Fact]
    public async Task Read_TooSmall_IsRefused()
    {
        var file = await FileOfAsync(SourcePicture.From(Picture.Filled(15, 40, PictureColor.White)));

        var error = await Assert.ThrowsAsync<InvalidPictureException>(() => _reader.ReadAsync(file));

        Assert.Equal(PictureErrorCode.TooSmall, error.Code);
    }


    private static ushort[] RandomSamples(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (ushort)random.Next(65_536))];
    }
}
