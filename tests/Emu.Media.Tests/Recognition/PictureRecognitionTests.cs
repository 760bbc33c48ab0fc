using System.Text;
using Emu.Media.Pictures;
using Emu.Media.Recognition;
using Emu.Media.Tests.Support;

namespace Emu.Media.Tests.Recognition;

public sealed class PictureRecognitionTests
{
    public static TheoryData<string> Stills => [.. Goldens.Names];

    [Theory]
    [MemberData(nameof(Stills))]
    public void Read_Still_KnowsFormatAndSize(string name)
    {
        var expected = Path.GetExtension(name) switch
        {
            ".png" => PictureFormat.Png,
            ".jpg" => PictureFormat.Jpeg,
            ".webp" => PictureFormat.WebP,
            ".gif" => PictureFormat.Gif,
            _ => PictureFormat.Bmp,
        };

        Assert.Equal(new PictureHeader(expected, 37, 29), PictureRecognition.Read(Goldens.PictureFile(name)).Header);
    }

    [Theory]
    [InlineData("animated.gif")]
    [InlineData("animated.webp")]
    [InlineData("animated.png")]
    public void Read_Animated_IsRefused(string name) => AssertRefused(PictureErrorCode.Animated, Goldens.PictureFile(name), "animated");

    [Fact]
    public void Read_NoBytes_IsRefused() => AssertRefused(PictureErrorCode.Empty, [], "empty");

    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n", "playlist")]
    [InlineData("ffconcat version 1.0\nfile '/etc/passwd'\n", "playlist")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"file:///etc/passwd\"/></svg>", "SVG")]
    [InlineData(" \n<?xml version=\"1.0\"?><svg/>", "SVG")]
    [InlineData("%PDF-1.7\n", "PDF")]
    [InlineData("PK\u0003\u0004rest", "ZIP")]
    [InlineData("II*\0rest of it", "TIFF")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0", "HEIC")]
    [InlineData("\0\0\0\u0018ftypavif\0\0\0\0", "AVIF")]
    [InlineData("\0\0\0\u0018ftypisom\0\0\0\0", "MP4")]
    [InlineData("BMW is a car", "not a picture")]
    [InlineData("hello", "not a picture")]
    public void Read_SomethingElse_IsRefusedByName(string content, string named)
    {
        var exception = AssertRefused(PictureErrorCode.UnsupportedFormat, Encoding.Latin1.GetBytes(content), named);

        Assert.Contains("PNG, JPEG, WebP, GIF and BMP", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Stills))]
    public void Read_ZipAppended_IsRefused(string name) =>
        AssertRefused(PictureErrorCode.ForeignContent, [.. Goldens.PictureFile(name), .. PictureFiles.Zip()], "ZIP");

    [Fact]
    public void Read_ZipInsideAComment_IsRefused()
    {
        // The archive's own comment spans the rest of the picture, so that the file is a whole ZIP and a whole JPEG.
        var zip = PictureFiles.Zip();
        var jpeg = Goldens.PictureFile("baseline.jpg");
        zip[^2] = (byte)(jpeg.Length - 2);
        zip[^1] = (byte)((jpeg.Length - 2) >> 8);
        var length = zip.Length + 2;

        AssertRefused(PictureErrorCode.ForeignContent, [0xFF, 0xD8, 0xFF, 0xFE, (byte)(length >> 8), (byte)length, .. zip, .. jpeg[2..]], "ZIP");
    }

    [Fact]
    public void Read_PdfInsideAComment_IsRefused()
    {
        var png = Goldens.PictureFile("rgba.png");

        AssertRefused(PictureErrorCode.ForeignContent, [.. png[..33], .. PictureFiles.Chunk("tEXt", [.. "x\0%PDF-1.7\n"u8]), .. png[33..]], "PDF");
    }

    [Theory]
    [InlineData("rgba.png", "<script>")]
    [InlineData("lossless.webp", "GIF89a")]
    [InlineData("still.gif", "/**/alert(1)")]
    [InlineData("rgb24.bmp", "#!/bin/sh")]
    [InlineData("baseline.jpg", "#!/bin/sh")]
    [InlineData("baseline.jpg", "\n<script>alert(1)</script>")]
    [InlineData("baseline.jpg", "Rar!")]
    public void Read_SomethingAppended_IsRefused(string name, string tail) =>
        AssertRefused(PictureErrorCode.ForeignContent, [.. Goldens.PictureFile(name), .. Encoding.ASCII.GetBytes(tail)], "follow");

    [Theory]
    [MemberData(nameof(Stills))]
    public void Read_ZerosAppended_AreTaken(string name) =>
        Assert.Equal(37, PictureRecognition.Read((byte[])[.. Goldens.PictureFile(name), 0, 0, 0]).Header.Width);

    [Fact]
    public void Read_JpegWithAFilmAppended_IsTaken()
    {
        // As telephones do.
        byte[] file = [.. Goldens.PictureFile("baseline.jpg"), 0, 0, 0, 0x18, .. "ftypmp42"u8, .. new byte[40]];

        Assert.Equal(PictureFormat.Jpeg, PictureRecognition.Read(file).Header.Format);
    }

    [Fact]
    public void Read_PngOfImpossibleSize_IsRefused()
    {
        AssertRefused(PictureErrorCode.Damaged, [.. PictureFiles.PngSignature, .. PictureFiles.PngHeader(0, 5)], "0x5");
        AssertRefused(PictureErrorCode.Damaged, [.. PictureFiles.PngSignature, .. PictureFiles.PngHeader(0x8000_0000, 5)], "2147483648x5");
        AssertRefused(PictureErrorCode.Damaged, [.. PictureFiles.PngSignature, .. PictureFiles.PngHeader(5, 5, depth: 3)], "values");
    }

    [Fact]
    public void Read_PngWithAnEmptyBody_IsRefused() =>
        AssertRefused(PictureErrorCode.Damaged, [.. PictureFiles.PngSignature, .. PictureFiles.PngHeader(5, 5), .. PictureFiles.Chunk("IEND")], "no picture data");

    [Fact]
    public void Read_ApngOfOneFrame_IsAStill()
    {
        var png = Goldens.PictureFile("rgba.png");

        Assert.Equal(37, PictureRecognition.Read((byte[])[.. png[..33], .. PictureFiles.Chunk("acTL", 0, 0, 0, 1, 0, 0, 0, 0), .. png[33..]]).Header.Width);
    }

    [Fact]
    public void Read_WebPWhoseCanvasDiffers_IsRefused()
    {
        var webp = PictureFiles.WebPWithExif(Goldens.PictureFile("lossy.webp"), 38, 29, PictureFiles.Exif(1, true));

        AssertRefused(PictureErrorCode.Damaged, webp, "38x29");
    }

    [Fact]
    public void Read_GifWhoseImageIsLargerThanItsScreen_IsRefused()
    {
        var gif = Goldens.PictureFile("still.gif");
        gif[6] = 36;

        AssertRefused(PictureErrorCode.Damaged, gif, "larger than its screen");
    }

    [Fact]
    public void Read_JpegWithTwoFrames_IsRefused()
    {
        var jpeg = Goldens.PictureFile("baseline.jpg");
        var at = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        var frame = jpeg[at..(at + 2 + jpeg[at + 3])];

        AssertRefused(PictureErrorCode.Damaged, [.. jpeg[..at], .. frame, .. jpeg[at..]], "two frame headers");
    }

    [Fact]
    public void Read_JpegOfCountlessScans_IsRefused()
    {
        var jpeg = Goldens.PictureFile("progressive.jpg");
        var at = jpeg.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        var scan = jpeg[at..^2];

        AssertRefused(PictureErrorCode.Damaged, [.. jpeg[..^2], .. Enumerable.Repeat(scan, 300).SelectMany(bytes => bytes), 0xFF, 0xD9], "scans");
    }

    [Fact]
    public void Read_BmpOfHugeSize_IsRefusedWithoutOverflow()
    {
        var bmp = Goldens.PictureFile("rgb24.bmp");
        BitConverter.TryWriteBytes(bmp.AsSpan(18), int.MaxValue);
        BitConverter.TryWriteBytes(bmp.AsSpan(22), int.MinValue + 1);

        AssertRefused(PictureErrorCode.Damaged, bmp, "too early");
    }

    private static InvalidPictureException AssertRefused(string code, byte[] file, string named)
    {
        var exception = Assert.Throws<InvalidPictureException>(() => PictureRecognition.Read(file));
        Assert.Equal(code, exception.Code);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
        return exception;
    }
}
