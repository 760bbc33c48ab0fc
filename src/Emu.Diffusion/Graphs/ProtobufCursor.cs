using System.Text;

namespace Emu.Diffusion.Graphs;

/// <summary>
/// Walks protocol-buffer fields in a seekable stream and skips what is not read, so that a graph of gigabytes is
/// introspected by reading its few declarations. Encoding: https://protobuf.dev/programming-guides/encoding.
/// </summary>
internal sealed class ProtobufCursor(Stream stream)
{
    /// <summary>The longest name or small message that is read into memory.</summary>
    private const int MaximumBytes = 1 << 24;

    // Length and position of a file stream are system calls.
    private readonly long _length = stream.Length;

    public long Position => stream.Position;

    /// <summary>Reads a field's key.</summary>
    /// <param name="end">Where the enclosing message ends.</param>
    /// <param name="field">The field's number.</param>
    /// <param name="wireType">0 varint, 1 64-bit, 2 length-delimited, 5 32-bit.</param>
    /// <returns>False at the message's end.</returns>
    public bool Next(long end, out int field, out int wireType)
    {
        if (stream.Position >= end)
        {
            field = wireType = 0;
            return stream.Position == end ? false : throw new InvalidDataException("a message runs past its end");
        }

        var key = ReadVarint();
        field = (int)(key >> 3);
        wireType = (int)(key & 7);
        return field > 0 ? true : throw new InvalidDataException("field number 0");
    }

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = stream.ReadByte();
            if (next < 0)
            {
                throw new EndOfStreamException();
            }

            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number of more than ten bytes");
    }

    /// <summary>Reads a length and returns where the message that follows ends.</summary>
    public long ReadMessageEnd()
    {
        var length = ReadVarint();
        return length <= (ulong)(_length - stream.Position)
            ? stream.Position + (long)length
            : throw new EndOfStreamException();
    }

    public string ReadString()
    {
        var length = ReadMessageEnd() - stream.Position;
        if (length > MaximumBytes)
        {
            throw new InvalidDataException($"a name of {length} bytes");
        }

        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    public void Skip(int wireType)
    {
        var to = wireType switch
        {
            1 => stream.Position + 8,
            2 => ReadMessageEnd(),
            5 => stream.Position + 4,
            0 => -1,
            _ => throw new InvalidDataException($"wire type {wireType}"),
        };
        if (to < 0)
        {
            ReadVarint();
        }
        else if (to > _length)
        {
            throw new EndOfStreamException();
        }
        else
        {
            stream.Position = to;
        }
    }
}
