using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Emu.Media.Pictures;

namespace Emu.Media.Codecs.Png;

/// <summary>Samples that are to become a PNG: grey, or red, green, blue and, unless every pixel is opaque, alpha.</summary>
internal sealed class PngRaster
{
    private const byte Grey = 0;
    private const byte Colors = 2;
    private const byte ColorsAndAlpha = 6;

    private readonly ReadOnlyMemory<byte> _samples;
    private readonly int _stored;
    private readonly int _written;
    private readonly int _bits;

    private PngRaster(ReadOnlyMemory<byte> samples, int width, int height, int stored, int written, int bits)
    {
        (_samples, Width, Height) = (samples, width, height);
        (_stored, _written, _bits) = (stored, written, bits);
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Bytes that a pixel takes in the file.</summary>
    public int PixelBytes => _written * _bits / 8;

    /// <summary>Bytes that a row takes in the file.</summary>
    public int RowBytes => Width * PixelBytes;

    /// <summary>A picture's samples as they are.</summary>
    public static PngRaster Of(SourcePicture picture) =>
        new(picture.Memory, picture.Width, picture.Height, SourcePicture.Channels, picture.HasTransparency() ? SourcePicture.Channels : SourcePicture.Channels - 1, picture.Bits);

    /// <summary>Grey values of 8 bits, <c>[height, width]</c>.</summary>
    public static PngRaster OfGrey(ReadOnlyMemory<byte> values, int width, int height) => new(values, width, height, 1, 1, 8);

    /// <summary>The data of the header chunk.</summary>
    public byte[] Header()
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        header[8] = (byte)_bits;
        header[9] = _written switch { 1 => Grey, 3 => Colors, _ => ColorsAndAlpha };
        return header;
    }

    /// <summary>Writes a row as the file has it: without alpha if that is left out, 16-bit samples with the high byte first.</summary>
    /// <param name="y">Which, from the top.</param>
    /// <param name="row"><see cref="RowBytes"/>.</param>
    public void ReadRow(int y, Span<byte> row)
    {
        var stored = Width * _stored * _bits / 8;
        var samples = _samples.Span.Slice(y * stored, stored);
        if (_bits == 8)
        {
            Copy(samples, row);
            return;
        }
        var wide = MemoryMarshal.Cast<byte, ushort>(row);
        Copy(MemoryMarshal.Cast<byte, ushort>(samples), wide);
        if (BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(wide, wide);
        }
    }

    private void Copy<TSample>(ReadOnlySpan<TSample> samples, Span<TSample> row)
        where TSample : unmanaged
    {
        if (_stored == _written)
        {
            samples.CopyTo(row);
            return;
        }
        for (int from = 0, to = 0; to < row.Length; from += 4, to += 3)
        {
            (row[to], row[to + 1], row[to + 2]) = (samples[from], samples[from + 1], samples[from + 2]);
        }
    }
}
