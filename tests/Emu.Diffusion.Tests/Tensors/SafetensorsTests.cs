using System.Buffers.Binary;
using System.Text;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Tests.Tensors;

public class SafetensorsTests
{
    public static TheoryData<string, string> HostileHeaders => new()
    {
        { """[]""", "begin" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", "JSON" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x""", "JSON" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "twice" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", "overlaps" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", "gap" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "gap" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "needs 8 bytes" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}""", "needs 4 bytes" },
        { """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", "too large" },
        { """{"a":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,17179869184]}}""", "too large" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999]}}""", "63 bits" },
        { """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "negative" },
        { """{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}}""", "whole" },
        { """{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}""", "BF16" },
        { """{"a":{"dtype":"0","shape":[1],"data_offsets":[0,4]}}""", "element type '0'" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}""", "more" },
        { """{"a":{"dtype":"F32","shape":[1]}}""", "data_offsets" },
        { """{"a":[]}""", "object" },
        { """{"__metadata__":{"step":1}}""", "string" },
        { """{"__metadata__":{"k":"a","k":"b"}}""", "once" },
        { """{"a":{"dtype":{"x":{"y":{"z":1}}},"shape":[1],"data_offsets":[0,4]}}""", "JSON" },
    };

    [Theory]
    [MemberData(nameof(HostileHeaders))]
    public async Task ReadAsync_HostileHeader_IsRefusedByName(string header, string expected)
    {
        var exception = await Assert.ThrowsAsync<SafetensorsException>(() => SafetensorsFile.ReadAsync(new MemoryStream(File(header, 4)), cancellationToken: default));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(100_000_001UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1000UL)]
    public async Task ReadAsync_HostileHeaderLength_IsRefused(ulong length)
    {
        var file = File("""{}""", 0);
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);

        await Assert.ThrowsAsync<SafetensorsException>(() => SafetensorsFile.ReadAsync(new MemoryStream(file), cancellationToken: default));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public async Task ReadAsync_DataOfAnotherLength_IsRefusedFromAnyStream(int bytes)
    {
        var file = File("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", bytes);

        await Assert.ThrowsAsync<SafetensorsException>(() => SafetensorsFile.ReadAsync(new MemoryStream(file), cancellationToken: default));
        await Assert.ThrowsAsync<SafetensorsException>(() => SafetensorsFile.ReadAsync(new ForwardStream(file), cancellationToken: default));
    }

    [Fact]
    public async Task ReadAsync_MoreDataThanAccepted_IsRefusedBeforeItIsRead()
    {
        var file = File("""{"a":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}""", 0);

        var exception = await Assert.ThrowsAsync<SafetensorsException>(() => SafetensorsFile.ReadAsync(new ForwardStream(file), maximumBytes: 1 << 20));
        Assert.Contains("1048576", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_FileOfTheFormatsDescription_GivesItsValues()
    {
        // Written out by hand: little-endian 1.5, −2, half 0.5, and 2⁴⁰.
        var header = Encoding.UTF8.GetBytes("""{"__metadata__":{"k":"v"},"i":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"f":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]},"e":{"dtype":"F32","shape":[0,3],"data_offsets":[16,16]},"h":{"dtype":"F16","shape":[],"data_offsets":[16,18]}}""");
        byte[] file = [.. BitConverter.GetBytes((ulong)header.Length), .. header, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0, 0, 0x38];

        var read = await SafetensorsFile.ReadAsync(new ForwardStream(file), cancellationToken: default);

        Assert.Equal("v", read.Metadata["k"]);
        Assert.Equal([1L << 40], read.GetInt64s("i").ToArray());
        Assert.Equal([1.5f, -2], read.GetFloats("f").Span.ToArray());
        Assert.Equal([2, 1], read.GetFloats("f").Shape);
        Assert.Equal(0.5f, read.GetFloats("h").Span[0]);
        Assert.Equal([0, 3], read.GetFloats("e").Shape);
        Assert.Throws<SafetensorsException>(() => read.GetFloats("i"));
        Assert.Throws<SafetensorsException>(() => read.GetInt64s("f"));
        Assert.Contains("e, f, h, i", Assert.Throws<SafetensorsException>(() => read.GetFloats("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_ThenRead_GivesTheSameBits()
    {
        FloatTensor tensor = new([2, 3], new[] { 1f, float.NaN, -0f, float.Epsilon, float.MaxValue, 1e-3f });
        SafetensorsWriter writer = new() { Metadata = { ["schritt"] = "13 „grüß“" } };
        writer.Add("sample", tensor).Add("half", tensor, half: true).Add("ids", [2], new[] { 1L, long.MinValue });
        using MemoryStream stream = new();

        await writer.WriteAsync(stream);

        stream.Position = 0;
        var read = await SafetensorsFile.ReadAsync(stream, cancellationToken: default);
        Assert.Equal(tensor.Span.ToArray().Select(BitConverter.SingleToUInt32Bits), read.GetFloats("sample").Span.ToArray().Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal(0.0010004044f, read.GetFloats("half").Span[5]);
        Assert.Equal([1L, long.MinValue], read.GetInt64s("ids").ToArray());
        Assert.Equal("13 „grüß“", read.Metadata["schritt"]);
    }

    [Fact]
    public async Task WriteAsync_TwoTensors_LaysThemOutAsTheFormatsOwnWriterDoes()
    {
        SafetensorsWriter writer = new();
        writer.Add("b", new FloatTensor([1], new[] { 1f })).Add("a", new FloatTensor([1], new[] { 2f }), half: true).Add("c", [1], new[] { 3L });
        using MemoryStream stream = new();

        await writer.WriteAsync(stream);

        const string header = """{"c":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"a":{"dtype":"F16","shape":[1],"data_offsets":[12,14]}}""";
        var padded = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] expected = [.. BitConverter.GetBytes((ulong)padded.Length), .. Encoding.UTF8.GetBytes(padded), 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0x40];
        Assert.Equal(expected, stream.ToArray());
    }

    [Fact]
    public void Add_NameTwice_IsRefused()
    {
        var writer = new SafetensorsWriter().Add("a", new FloatTensor([1]));

        Assert.Throws<ArgumentException>(() => writer.Add("a", new FloatTensor([1])));
        Assert.Throws<ArgumentException>(() => writer.Add("__metadata__", new FloatTensor([1])));
    }

    private static byte[] File(string header, int dataLength)
    {
        var json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. new byte[dataLength]];
    }

    /// <summary>A stream as it comes from a network: no length, no seeking, a few bytes at a time.</summary>
    private sealed class ForwardStream(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 7)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
    }
}
