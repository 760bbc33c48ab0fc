using System.Runtime.InteropServices;
using Emu.Media.Codecs;
using Emu.Media.ColorManagement;
using Emu.Media.Pictures;
using Emu.Media.Tests.Support;
using SkiaSharp;

namespace Emu.Media.Tests.Codecs;

public sealed class SourcePictureTests
{
    private const int Width = 24;
    private const int Height = 17;

    private static readonly byte[] Iptc = [0x1C, 0x02, 0x78, 0x00, 0x05, .. "Aloha"u8];
    private static readonly byte[] Xmp = [.. """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>"""u8];

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

    [Theory]
    [InlineData(PictureFormat.Png)]
    [InlineData(PictureFormat.Jpeg)]
    [InlineData(PictureFormat.WebP)]
    public async Task Metadata_OfEveryFormat_AreAttachedAgain(PictureFormat format)
    {
        var icc = IccProfiles.Rgb(IccProfiles.Gamma(1.5), IccProfiles.SrgbPrimaries.Green, IccProfiles.SrgbPrimaries.Red, IccProfiles.SrgbPrimaries.Blue);
        var metadata = new SourceMetadata(null, icc, ExifWithArtist(orientation: null), Xmp, Iptc);
        var picture = RandomPicture(8, 5, opaque: false).With(metadata);

        var read = await _reader.ReadAsync(await FileOfAsync(picture, new SourceEncoding(new PictureEncoding { Format = format, Quality = 100 })));

        Assert.Equal(format, read.Metadata.Format);
        Assert.Equal(icc, read.Metadata.Icc!.Value.ToArray());
        Assert.Equal(ExifWithArtist(orientation: null), read.Metadata.Exif!.Value.ToArray());
        Assert.Contains("""tiff:Orientation="1" """.TrimEnd(), System.Text.Encoding.UTF8.GetString(read.Metadata.Xmp!.Value.Span), StringComparison.Ordinal);
        Assert.Equal(format == PictureFormat.WebP ? null : Iptc, read.Metadata.Iptc?.ToArray());
    }

    [Theory]
    [InlineData(PictureFormat.Jpeg)]
    [InlineData(PictureFormat.WebP)]
    public async Task Metadata_InLossyFiles_LeaveThemReadableByOthers(PictureFormat format)
    {
        var metadata = new SourceMetadata(null, new byte[200_000], ExifWithArtist(orientation: null), Xmp, Iptc);
        var file = await FileOfAsync(RandomPicture(8, 6, opaque: false).With(metadata), SourceEncoding.Lossy(format, 80));

        using var bitmap = SKBitmap.Decode(file);

        Assert.Equal((Width, Height), (bitmap.Width, bitmap.Height));
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
    public async Task Metadata_Thumbnail_IsErased()
    {
        byte[] thumbnail = [0xFF, 0xD8, .. "old face"u8, 0xFF, 0xD9];
        // IFD0 with the artist at 8; IFD1 at 38 with place and length of the thumbnail at 68.
        byte[] exif =
        [
            .. "II*\0"u8, 8, 0, 0, 0,
            1, 0, 0x3B, 0x01, 2, 0, 4, 0, 0, 0, (byte)'E', (byte)'m', (byte)'u', 0, 26, 0, 0, 0,
            2, 0, 0x01, 0x02, 4, 0, 1, 0, 0, 0, 56, 0, 0, 0, 0x02, 0x02, 4, 0, 1, 0, 0, 0, (byte)thumbnail.Length, 0, 0, 0, 0, 0, 0, 0,
            .. thumbnail,
        ];

        var read = await _reader.ReadAsync(PictureFiles.PngWithExif(await FileOfAsync(RandomPicture(8, 7, opaque: true)), exif));

        var kept = System.Text.Encoding.Latin1.GetString(read.Metadata.Exif!.Value.Span);
        Assert.Contains("Emu", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("old face", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_GammaOfPng_IsKeptAndApplied()
    {
        var gamma = PictureFiles.Chunk("gAMA", PictureFiles.BigEndian(100_000));
        var file = await FileOfAsync(RandomPicture(8, 8, opaque: true));

        var read = await _reader.ReadAsync((byte[])[.. file[..33], .. gamma, .. file[33..]]);
        var written = await FileOfAsync(read);

        Assert.Equal(gamma, read.Metadata.PngColors.ToArray());
        Assert.Equal((await new PictureReader().ReadAsync(written)).Samples.ToArray(), read.ToSrgb().Samples.ToArray());
        Assert.NotEqual(read.Bytes.ToArray(), read.ToSrgb().Samples.ToArray());
    }

    [Fact]
    public async Task Metadata_ProfileOfGrey_BecomesOneOfColorsThatMeansTheSame()
    {
        var icc = IccProfiles.Gray(IccProfiles.Gamma(1));
        byte[] row = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 8))];
        using var packed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(icc);
        }
        var png = PictureFiles.Png(8, 0, row, PictureFiles.Chunk("iCCP", [.. "grey\0\0"u8, .. packed.ToArray()]));

        var read = await new SourcePictureReader(new PictureLimits()).ReadAsync(png);

        Assert.Equal("RGB ", System.Text.Encoding.ASCII.GetString(read.Metadata.Icc!.Value.Span.Slice(16, 4)));
        var (expected, actual) = ((await new PictureReader().ReadAsync(png)).Samples.ToArray(), read.ToSrgb().Samples.ToArray());
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    }

    [Fact]
    public async Task Read_TooSmall_IsRefused()
    {
        var file = await FileOfAsync(SourcePicture.From(Picture.Filled(15, 40, PictureColor.White)));

        var error = await Assert.ThrowsAsync<InvalidPictureException>(() => _reader.ReadAsync(file));

        Assert.Equal(PictureErrorCode.TooSmall, error.Code);
    }

    [Fact]
    public async Task Read_TextsThatUnpackToMuch_AreCutOff()
    {
        using var bomb = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(bomb, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 64; i++)
            {
                zlib.Write(zeros);
            }
        }
        var file = await FileOfAsync(RandomPicture(8, 9, opaque: true));
        var text = PictureFiles.Chunk("iTXt", [.. "XML:com.adobe.xmp\0"u8, 1, 0, 0, 0, .. bomb.ToArray()]);

        var read = await _reader.ReadAsync((byte[])[.. file[..33], .. text, .. file[33..]]);

        Assert.Equal(8 << 20, read.Metadata.Xmp!.Value.Length);
    }

    private static byte[] ExifWithArtist(int? orientation)
    {
        byte[] artist = [0x3B, 0x01, 2, 0, 4, 0, 0, 0, (byte)'E', (byte)'m', (byte)'u', 0];
        byte[] turned = orientation is { } value ? [0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)value, 0, 0, 0] : [];
        return [.. "II*\0"u8, 8, 0, 0, 0, (byte)(orientation is null ? 1 : 2), 0, .. turned, .. artist, 0, 0, 0, 0];
    }

    private async Task<byte[]> FileOfAsync(SourcePicture picture, SourceEncoding? encoding = null)
    {
        using var file = new MemoryStream();
        await _writer.WriteAsync(picture, file, encoding);
        return file.ToArray();
    }

    private static SourcePicture RandomPicture(int bits, int seed, bool opaque) => SourcePicture.Create(Width, Height, bits, SourceMetadata.None, (seed, bits, opaque), static (bytes, state) =>
    {
        new Random(state.seed).NextBytes(bytes);
        var size = state.bits / 2;
        for (var i = 0; state.opaque && i < bytes.Length; i += size)
        {
            bytes.Slice(i + (size * 3 / 4), size / 4).Fill(255);
        }
    });

    private static ushort[] RandomSamples(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (ushort)random.Next(65_536))];
    }
}
