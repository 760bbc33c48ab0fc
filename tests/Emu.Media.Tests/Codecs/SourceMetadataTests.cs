using Emu.Media.Codecs;
using Emu.Media.ColorManagement;
using Emu.Media.Pictures;
using Emu.Media.Tests.Support;
using SkiaSharp;
using static Emu.Media.Tests.Support.SourceFiles;

namespace Emu.Media.Tests.Codecs;

public sealed class SourceMetadataTests
{
    private readonly SourcePictureReader _reader = new();

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
}
