using Emu.Media.Pictures;
using Emu.Media.Recognition;
using Emu.Media.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace Emu.Media.Tests.Recognition;

/// <summary>Whatever the bytes: a header, or an <see cref="InvalidPictureException"/>, and nothing else.</summary>
public sealed class PictureRecognitionProperties
{
    private static readonly byte[][] Beginnings =
    [
        PictureFiles.PngSignature,
        [.. PictureFiles.PngSignature, .. PictureFiles.PngHeader(9, 9)],
        [0xFF, 0xD8, 0xFF],
        [0xFF, 0xD8, 0xFF, 0xE1, 0, 40, .. "Exif\0\0II*\0"u8],
        [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8],
        PictureFiles.Riff([]),
        [.. "RIFF"u8, 40, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0],
        [.. "GIF89a"u8],
        [.. "GIF89a"u8, 9, 0, 9, 0, 0, 0, 0, 0x2C],
        [.. "BM"u8, 0, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0],
        [.. "BM"u8, 0, 0, 0, 0, 0, 0, 0, 0, 138, 0, 0, 0, 124, 0, 0, 0],
        [],
    ];

    [Fact]
    public void Read_RandomBytesAfterARealBeginning_NeverFailsOtherwise()
    {
        var files = from beginning in Gen.Elements(Beginnings)
                    from rest in ArbMap.Default.GeneratorFor<byte[]>().Resize(400)
                    select (byte[])[.. beginning, .. rest];

        Prop.ForAll(files.ToArbitrary(), IsHeaderOrRefusal).Check(Config.QuickThrowOnFailure.WithMaxTest(4_000));
    }

    [Fact]
    public void Read_RealFilesWithChangedBytes_NeverFailsOtherwise()
    {
        var goldens = Goldens.Names.Select(Goldens.PictureFile).Concat([Goldens.PictureFile("animated.gif"), Goldens.PictureFile("animated.webp"), Goldens.PictureFile("animated.png")]).ToArray();
        var files = from golden in Gen.Elements(goldens)
                    from changes in Gen.Choose(1, 8)
                    from places in Gen.Choose(0, Math.Min(golden.Length, 200) - 1).ListOf(changes)
                    from values in Gen.Elements<byte>(0, 1, 0x7F, 0x80, 0xFE, 0xFF).ListOf(changes)
                    select Change(golden, places, values);

        Prop.ForAll(files.ToArbitrary(), IsHeaderOrRefusal).Check(Config.QuickThrowOnFailure.WithMaxTest(4_000));
    }

    private static byte[] Change(byte[] file, List<int> places, List<byte> values)
    {
        var changed = (byte[])file.Clone();
        for (var i = 0; i < places.Count; i++)
        {
            changed[places[i]] = values[i];
        }
        return changed;
    }

    private static bool IsHeaderOrRefusal(byte[] file)
    {
        try
        {
            var header = PictureRecognition.Read(file).Header;
            return header.Width > 0 && header.Height > 0;
        }
        catch (InvalidPictureException exception)
        {
            return exception.Code.StartsWith("picture_", StringComparison.Ordinal) && exception.Message.Length > 10;
        }
    }
}
