using System.IO.Compression;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Tests.Support;

namespace Emu.Media.Tests.ColorManagement;

public sealed class ColorManagementTests
{
    private static readonly byte[] Sample = [200, 30, 60];

    private readonly PictureReader _reader = new();

    [Fact]
    public async Task ReadAsync_ProfileOfSrgb_LeavesSamplesAsTheyAre()
    {
        var (red, green, blue) = IccProfiles.SrgbPrimaries;

        Assert.Equal(new PictureColor(200, 30, 60), await ReadPngAsync(2, Sample, IccProfiles.Rgb(IccProfiles.SrgbCurve, red, green, blue)));
    }

    [Fact]
    public async Task ReadAsync_ProfileWithOtherPrimaries_IsConverted()
    {
        var (red, green, blue) = IccProfiles.SrgbPrimaries;

        AssertNear(new(30, 200, 60), await ReadPngAsync(2, Sample, IccProfiles.Rgb(IccProfiles.SrgbCurve, green, red, blue)), 1);
    }

    /// <summary>Linear light: 55 of 255 is the luminance of sRGB's 128.</summary>
    [Fact]
    public async Task ReadAsync_ProfileWithAnotherCurve_IsConverted()
    {
        var (red, green, blue) = IccProfiles.SrgbPrimaries;

        AssertNear(new(128, 128, 128), await ReadPngAsync(2, [55, 55, 55], IccProfiles.Rgb(IccProfiles.Gamma(1), red, green, blue)), 1);
    }

    [Fact]
    public async Task ReadAsync_GrayWithAProfile_IsConverted() =>
        AssertNear(new(128, 128, 128), await ReadPngAsync(0, [55], IccProfiles.Gray(IccProfiles.Gamma(1))), 1);

    /// <summary>L 50 is sRGB's 119.</summary>
    [Fact]
    public async Task ReadAsync_ProfileWithATable_IsConverted()
    {
        var profile = IccProfiles.Table("RGB ", 3, corner => (50 * (corner[0] + corner[1]), 0, 0));

        AssertNear(new(119, 119, 119), await ReadPngAsync(2, [255, 0, 200], profile), 1);
        AssertNear(new(255, 255, 255), await ReadPngAsync(2, [255, 255, 0], profile), 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(150)]
    [InlineData(210)]
    public async Task ReadAsync_DamagedProfile_IsNone(int length)
    {
        var (red, green, blue) = IccProfiles.SrgbPrimaries;
        var profile = IccProfiles.Rgb(IccProfiles.SrgbCurve, green, red, blue);

        Assert.Equal(new PictureColor(200, 30, 60), await ReadPngAsync(2, Sample, profile[..length]));
        Assert.Equal(new PictureColor(200, 30, 60), await ReadPngAsync(2, Sample, IccProfiles.Gray(IccProfiles.Gamma(1))));
    }

    [Fact]
    public async Task ReadAsync_CmykWithoutAProfile_LooksAsInBrowsers()
    {
        var expected = await Goldens.ReadAsync("Cmyk/cmyk.jpg.png");

        Assert.InRange(Goldens.Difference(expected, await ReadAsync(Goldens.Bytes("Cmyk/cmyk.jpg"))), 0, 2);
    }

    /// <summary>Cyan, magenta and black in the middle of four squares, as Pillow reads them: plain, and taken for YCCK.</summary>
    [Theory]
    [InlineData(0, new[] { 0, 243, 13 }, new[] { 188, 0, 2 }, new[] { 233, 182, 0 }, new[] { 1, 12, 24 })]
    [InlineData(2, new[] { 76, 255, 13 }, new[] { 0, 111, 2 }, new[] { 200, 0, 0 }, new[] { 112, 255, 24 })]
    public async Task ReadAsync_CmykWithAProfile_IsConvertedFromItsInks(byte transform, params int[][] inks)
    {
        // Magenta darkens by 50, cyan by 30, black by all.
        var profile = IccProfiles.Table("CMYK", 4, ink => (ink[3] == 1 ? 0 : 100 - (50 * ink[1]) - (30 * ink[0]), 0, 0));
        var jpeg = Goldens.Bytes("Cmyk/cmyk.jpg");
        jpeg[jpeg.AsSpan().IndexOf("Adobe"u8) + 11] = transform;
        var length = profile.Length + 16;

        var picture = await ReadAsync([.. jpeg[..2], 0xFF, 0xE2, (byte)(length >> 8), (byte)length, .. "ICC_PROFILE\0"u8, 1, 1, .. profile, .. jpeg[2..]]);

        var places = new[] { (40, 40), (280, 40), (40, 280), (280, 280) };
        foreach (var ((x, y), ink) in places.Zip(inks))
        {
            var lightness = (100 - (30 * ink[0] / 255.0) - (50 * ink[1] / 255.0)) * (1 - (ink[2] / 255.0));
            AssertNear(Gray(lightness), picture[x, y], 3);
        }
    }

    [Theory]
    [InlineData(100_000, 128)]
    [InlineData(55_556, 71)]
    [InlineData(45_455, 55)]
    public async Task ReadAsync_PngWithGamma_IsConvertedUnlessItMeansSrgb(uint gamma, byte expected)
    {
        var pixel = (await ReadAsync(PictureFiles.Png(8, 2, [55, 55, 55], PictureFiles.Chunk("gAMA", PictureFiles.BigEndian(gamma)))))[0, 0];

        AssertNear(new(expected, expected, expected), pixel, 1);
    }

    private async Task<PictureColor> ReadPngAsync(byte color, byte[] row, byte[] profile)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(profile);
        }
        return (await ReadAsync(PictureFiles.Png(8, color, row, PictureFiles.Chunk("iCCP", [.. "p\0\0"u8, .. compressed.ToArray()]))))[0, 0];
    }

    /// <summary>The grey of a CIE lightness.</summary>
    private static PictureColor Gray(double lightness)
    {
        var luminance = Math.Pow((lightness + 16) / 116, 3);
        var value = (byte)Math.Round(255 * ((1.055 * Math.Pow(luminance, 1 / 2.4)) - 0.055));
        return new(value, value, value);
    }

    private static void AssertNear(PictureColor expected, PictureColor actual, int tolerance) =>
        Goldens.AssertNear([expected.Red, expected.Green, expected.Blue, expected.Alpha], [actual.Red, actual.Green, actual.Blue, actual.Alpha], tolerance);

    private Task<Picture> ReadAsync(byte[] file) => _reader.ReadAsync(file, TestContext.Current.CancellationToken);
}
