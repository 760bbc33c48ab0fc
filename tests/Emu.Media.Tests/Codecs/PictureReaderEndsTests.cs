using System.Text;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Tests.Support;

namespace Emu.Media.Tests.Codecs;

/// <summary>Files that end too early, and files that go on behind their picture.</summary>
public sealed class PictureReaderEndsTests
{
    private readonly PictureReader _reader = new();

    public static TheoryData<string> Stills => [.. Goldens.Names];

    [Theory]
    [MemberData(nameof(Stills))]
    public async Task ReadAsync_CutShortAnywhere_IsWholeOrRefused(string name)
    {
        var file = Goldens.PictureFile(name);
        var whole = await ReadAsync(file);
        for (var length = 1; length < file.Length; length += file.Length - length > 60 ? 17 : 1)
        {
            Picture cut;
            try
            {
                cut = await ReadAsync(file.AsMemory(0, length));
            }
            catch (InvalidPictureException exception)
            {
                Assert.Contains(exception.Code, new[] { PictureErrorCode.Damaged, PictureErrorCode.UnsupportedFormat });
                continue;
            }
            Assert.True(whole.Samples.SequenceEqual(cut.Samples), $"{name} differs when cut at {length} of {file.Length}");
        }
    }

    /// <summary>How many bytes behind the last of the picture's data each format has.</summary>
    [Theory]
    [InlineData("rgba.png", 12)]
    [InlineData("rgba.png", 16)]
    [InlineData("rgba.png", 20)]
    [InlineData("palette.png", 5)]
    [InlineData("baseline.jpg", 2)]
    [InlineData("baseline.jpg", 1)]
    [InlineData("progressive.jpg", 2)]
    [InlineData("gray.jpg", 2)]
    [InlineData("still.gif", 1)]
    [InlineData("still.gif", 2)]
    public async Task ReadAsync_WithoutItsEndMarker_IsWhole(string name, int missing)
    {
        var file = Goldens.PictureFile(name);

        AssertSame(await ReadAsync(file), await ReadAsync(file.AsMemory(0, file.Length - missing)));
    }

    [Fact]
    public async Task ReadAsync_ProgressiveJpegWithoutItsLastScan_IsRefused()
    {
        var file = Goldens.PictureFile("progressive.jpg");
        var lastScan = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);

        var exception = await Assert.ThrowsAsync<InvalidPictureException>(() => ReadAsync(file.AsMemory(0, lastScan)));

        Assert.Contains("ends too early", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Other decoders never return from this file; it must not reach them.</summary>
    [Fact]
    public async Task ReadAsync_InterlacedPngWithFewerRows_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<InvalidPictureException>(() => ReadAsync(PictureFiles.Png(64, 64, rows: 32, interlace: 1)));

        Assert.Equal(PictureErrorCode.Damaged, exception.Code);
        Assert.Contains("ends too early", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_GifWithFewerPixels_IsRefused()
    {
        // Its only block ends after half of the data, its end is in place.
        var file = Goldens.PictureFile("still.gif");
        var data = 13 + (3 << ((file[10] & 7) + 1)) + 11;
        Assert.Equal(0xFF, file[data]);

        var exception = await Assert.ThrowsAsync<InvalidPictureException>(() => ReadAsync((byte[])[.. file[..(data + 256)], 0, 0x3B]));

        Assert.Contains("ends too early", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Stills))]
    public async Task ReadAsync_TextBehindThePicture_IsNotRead(string name)
    {
        var file = Goldens.PictureFile(name);
        var whole = await ReadAsync(file);
        foreach (var tail in new[] { "\r\n", "\n", "Taken on holiday in 1998.\n", "\0\0\0" })
        {
            AssertSame(whole, await ReadAsync((byte[])[.. file, .. Encoding.ASCII.GetBytes(tail)]));
        }
    }

    /// <summary>As they were reported: without an end, or with a line break behind it.</summary>
    [Theory]
    [InlineData("noeoi.jpg", 2)]
    [InlineData("noiend.png", 0)]
    [InlineData("trail_nl.png", 0)]
    [InlineData("notrailer.gif", 0)]
    public async Task ReadAsync_ReportedFile_AgreesWithAnotherDecoder(string name, int tolerance)
    {
        var expected = await Goldens.ReadAsync($"Endings/{name}.png");

        Assert.InRange(Goldens.Difference(expected, await ReadAsync(Goldens.Bytes($"Endings/{name}"))), 0, tolerance);
    }

    private static void AssertSame(Picture expected, Picture actual) => Assert.True(expected.Samples.SequenceEqual(actual.Samples));

    private Task<Picture> ReadAsync(ReadOnlyMemory<byte> file) => _reader.ReadAsync(file, TestContext.Current.CancellationToken);
}
