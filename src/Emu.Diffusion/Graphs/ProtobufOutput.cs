namespace Emu.Diffusion.Graphs;

/// <summary>Writes protocol-buffer fields into a seekable stream. Encoding: https://protobuf.dev/programming-guides/encoding.</summary>
/// <param name="stream">Not closed.</param>
internal sealed class ProtobufOutput(Stream stream)
{
    /// <summary>Lengths that are known only later are written with as many bytes as the longest takes.</summary>
    private const int LengthBytes = 5;

    /// <summary>Writes a field's key.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="wireType">0 varint, 1 64-bit, 2 length-delimited, 5 32-bit.</param>
    public void WriteKey(int field, int wireType) => WriteVarint(((ulong)field << 3) | (uint)wireType);

    /// <summary>Writes a number with as few bytes as it takes.</summary>
    public void WriteVarint(ulong value)
    {
        for (; value > 0x7f; value >>= 7)
        {
            stream.WriteByte((byte)(value | 0x80));
        }

        stream.WriteByte((byte)value);
    }

    /// <summary>Writes bytes as they are.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    /// <summary>Leaves room for the length of a message, behind its key.</summary>
    /// <returns>For <see cref="EndMessage"/>.</returns>
    public long BeginMessage()
    {
        var place = stream.Position;
        WriteLength(0);
        return place;
    }

    /// <summary>Writes the length of the message that ends here.</summary>
    public void EndMessage(long place)
    {
        var end = stream.Position;
        stream.Position = place;
        WriteLength(end - place - LengthBytes);
        stream.Position = end;
    }

    private void WriteLength(long length)
    {
        for (var i = 1; i < LengthBytes; i++, length >>= 7)
        {
            stream.WriteByte((byte)(length | 0x80));
        }

        stream.WriteByte((byte)(length & 0x7f));
    }
}
