using System.Text;

namespace Emu.Diffusion.Tests.Onnx;

/// <summary>A protocol-buffer message written field by field.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<byte> _bytes = [];

    public ProtobufMessage Number(int field, long value) => Varint((ulong)field << 3).Varint((ulong)value);

    public ProtobufMessage Float(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        _bytes.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    public ProtobufMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | 2).Varint((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public ProtobufMessage Child(int field, ProtobufMessage message) => Bytes(field, message.ToArray());

    public byte[] ToArray() => [.. _bytes];

    private ProtobufMessage Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
        return this;
    }
}
