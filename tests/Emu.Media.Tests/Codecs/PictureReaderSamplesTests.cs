using System.Buffers.Binary;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Tests.Support;

namespace Emu.Media.Tests.Codecs;

/// <summary>Depths, transparency and colour models.</summary>
public sealed class PictureReaderSamplesTests
{
    private readonly PictureReader _reader = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(128, 0)]
    [InlineData(129, 1)]
    [InlineData(32_767, 127)]
    [InlineData(32_768, 128)]
    [InlineData(65_406, 254)]
    [InlineData(65_407, 255)]
    public async Task ReadAsync_Png16Bit_IsRoundedToTheNearest(int value, int expected)
    {
        var sample = Sample(value);
        byte[] row = [.. sample, .. sample, .. sample, .. sample];

        var pixel = (await ReadAsync(PictureFiles.Png(16, 6, row)))[0, 0];

        Assert.Equal(new PictureColor((byte)expected, (byte)expected, (byte)expected, (byte)expected), pixel);
    }

    [Theory]
    [InlineData(8, 2)]
    [InlineData(16, 2)]
    [InlineData(8, 0)]
    [InlineData(16, 0)]
    public async Task ReadAsync_PngWithATransparentColour_IsTransparentThereOnly(byte depth, byte color)
    {
        var marked = (byte[])(color == 0 ? Sample(258) : [.. Sample(258), .. Sample(3), .. Sample(4)]);
        byte[] Stored(byte[] samples) => depth == 16 ? samples : [.. samples.Where((_, i) => i % 2 == 1)];
        byte[] other = [.. marked[..^1], 9];

        var picture = await ReadAsync(PictureFiles.Png(depth, color, [.. Stored(marked), .. Stored(other)], PictureFiles.Chunk("tRNS", marked)));

        Assert.Equal(0, picture[0, 0].Alpha);
        Assert.Equal(255, picture[1, 0].Alpha);
    }

    /// <summary>32 bits a pixel without masks: the fourth byte means nothing, whatever programs leave in it.</summary>
    [Fact]
    public async Task ReadAsync_BmpWithUnusedBytes_IsOpaque()
    {
        byte[] file = [.. "BM"u8, 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 32, 0, .. new byte[24], 10, 20, 30, 40, 50, 60, 70, 0];

        var picture = await ReadAsync(file);

        Assert.Equal(new PictureColor(30, 20, 10), picture[0, 0]);
        Assert.Equal(new PictureColor(70, 60, 50), picture[1, 0]);
    }

    private static byte[] Sample(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }

    private Task<Picture> ReadAsync(byte[] file) => _reader.ReadAsync(file, TestContext.Current.CancellationToken);
}
