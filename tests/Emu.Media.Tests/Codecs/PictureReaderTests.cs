using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Tests.Support;

namespace Emu.Media.Tests.Codecs;

public sealed class PictureReaderTests
{
    private readonly PictureReader _reader = new();

    public static TheoryData<string> Stills => [.. Goldens.Names];

    [Theory]
    [MemberData(nameof(Stills))]
    public async Task ReadAsync_Still_AgreesWithAnotherDecoder(string name)
    {
        var expected = await Goldens.ReadAsync($"Pictures/{name}.png");

        var actual = await _reader.ReadAsync(Goldens.PictureFile(name), TestContext.Current.CancellationToken);

        Assert.InRange(Goldens.Difference(expected, actual, minimumAlpha: 1), 0, name.EndsWith(".jpg", StringComparison.Ordinal) || name == "lossy.webp" ? 6 : 0);
    }

    [Fact]
    public async Task ReadAsync_Png_KeepsColourUnderAlphaZero()
    {
        var picture = await Goldens.ReadAsync("source.png");

        Assert.Equal(0, picture[36, 0].Alpha);
        Assert.Equal(255, picture[36, 0].Red);
    }

    public static TheoryData<int, bool, string> Orientations
    {
        get
        {
            var data = new TheoryData<int, bool, string>();
            foreach (var kind in new[] { "jpeg", "png", "webp" })
            {
                for (var orientation = 1; orientation <= 8; orientation++)
                {
                    data.Add(orientation, orientation % 2 == 0, kind);
                }
            }
            return data;
        }
    }

    /// <summary>EXIF 2.3, tag 0x0112: on which side of the seen picture the stored row 0 and column 0 lie.</summary>
    [Theory]
    [MemberData(nameof(Orientations))]
    public async Task ReadAsync_ExifOrientation_IsApplied(int orientation, bool littleEndian, string kind)
    {
        const int width = 48, height = 32;
        var (row0, column0) = orientation switch
        {
            1 => ("top", "left"), 2 => ("top", "right"), 3 => ("bottom", "right"), 4 => ("bottom", "left"),
            5 => ("left", "top"), 6 => ("right", "top"), 7 => ("right", "bottom"), _ => ("left", "bottom"),
        };
        var stored = Quarters(width, height);
        var exif = PictureFiles.Exif(orientation, littleEndian);
        var file = kind switch
        {
            "jpeg" => PictureFiles.JpegWithExif(await EncodeAsync(stored, new() { Format = PictureFormat.Jpeg, Quality = 100 }), exif),
            "png" => PictureFiles.PngWithExif(await EncodeAsync(stored, PictureEncoding.Png), exif),
            _ => PictureFiles.WebPWithExif(await EncodeAsync(stored, new() { Format = PictureFormat.WebP, Quality = 100 }), width, height, exif),
        };

        var header = _reader.Inspect(file);
        var seen = await _reader.ReadAsync(file, TestContext.Current.CancellationToken);

        Assert.Equal((PictureOrientation)orientation, header.Orientation);
        Assert.Equal((seen.Width, seen.Height), (header.OrientedWidth, header.OrientedHeight));
        Assert.Equal(orientation < 5 ? (width, height) : (height, width), (seen.Width, seen.Height));
        foreach (var (x, y) in new[] { (4, 4), (width - 5, 4), (4, height - 5), (width - 5, height - 5) })
        {
            var vertical = row0 is "top" or "bottom" ? From(row0, y, height) : From(column0, x, width);
            var horizontal = row0 is "left" or "right" ? From(row0, y, height) : From(column0, x, width);
            var (a, b) = (stored[x, y], seen[horizontal, vertical]);
            Assert.True(Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue) < 12, $"({x},{y}): {a} became {b}");
        }

        static int From(string side, int distance, int length) => side is "top" or "left" ? distance : length - 1 - distance;
    }

    [Fact]
    public async Task ReadAsync_BrokenExif_IsIgnored()
    {
        var file = PictureFiles.JpegWithExif(Goldens.PictureFile("baseline.jpg"), [.. "II*\0"u8, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3]);

        Assert.Equal(37, (await _reader.ReadAsync(file, TestContext.Current.CancellationToken)).Width);
    }

    [Fact]
    public async Task ReadAsync_ColourProfile_IsConvertedToSrgb()
    {
        // gAMA 1.0 without sRGB: the samples are linear light. 188 of 255 linear is 0.5 of 255 seen, near enough: 0.2140 linear is 127 in sRGB.
        byte[] raw = [0, 55, 55, 55];
        using var data = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(data, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(raw);
        }
        byte[] file = [.. PictureFiles.PngSignature, .. PictureFiles.PngHeader(1, 1), .. PictureFiles.Chunk("gAMA", PictureFiles.BigEndian(100_000)), .. PictureFiles.Chunk("IDAT", data.ToArray()), .. PictureFiles.Chunk("IEND")];

        var picture = await _reader.ReadAsync(file, TestContext.Current.CancellationToken);

        Assert.InRange(picture[0, 0].Red, 126, 130);
    }

    private static Picture Quarters(int width, int height) => Picture.Create(width, height, (width, height), static (samples, size) =>
    {
        for (var i = 0; i < samples.Length; i += 4)
        {
            var (y, x) = Math.DivRem(i / 4, size.width);
            (samples[i], samples[i + 1], samples[i + 2], samples[i + 3]) = (x < size.width / 2, y < size.height / 2) switch
            {
                (true, true) => ((byte)230, (byte)20, (byte)20, (byte)255),
                (false, true) => ((byte)20, (byte)230, (byte)20, (byte)255),
                (true, false) => ((byte)20, (byte)20, (byte)230, (byte)255),
                _ => ((byte)230, (byte)230, (byte)20, (byte)255),
            };
        }
    });

    private static async Task<byte[]> EncodeAsync(Picture picture, PictureEncoding encoding)
    {
        using var stream = new MemoryStream();
        await new PictureWriter().WriteAsync(picture, stream, encoding);
        return stream.ToArray();
    }
}
