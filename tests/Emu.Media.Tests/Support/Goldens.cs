using Emu.Media.Codecs;
using Emu.Media.Pictures;

namespace Emu.Media.Tests.Support;

/// <summary>The files of <c>Goldens/</c>.</summary>
internal static class Goldens
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Goldens");

    public static string[] Names { get; } =
        [.. Directory.GetFiles(Path.Combine(Folder, "Pictures")).Select(path => Path.GetFileName(path)).Where(name => File.Exists(Path.Combine(Folder, "Pictures", name + ".png"))).Order(StringComparer.Ordinal)];

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    public static byte[] PictureFile(string name) => Bytes(Path.Combine("Pictures", name));

    public static Task<Picture> ReadAsync(string name) => new PictureReader().ReadAsync(Bytes(name));

    /// <summary>The largest difference of two pictures' samples, over pixels of at least the given alpha.</summary>
    public static int Difference(Picture expected, Picture actual, int minimumAlpha = 0)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        var largest = 0;
        for (var i = 0; i < expected.Samples.Length; i += 4)
        {
            for (var c = expected.Samples[i + 3] >= minimumAlpha ? 0 : 3; c < 4; c++)
            {
                largest = Math.Max(largest, Math.Abs(expected.Samples[i + c] - actual.Samples[i + c]));
            }
        }
        return largest;
    }

    /// <summary>Checks one pixel.</summary>
    public static void AssertNear(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, int tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"expected {string.Join(' ', expected.ToArray())}, got {string.Join(' ', actual.ToArray())}");
        }
    }
}
