using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Emu.Media.Pictures;

namespace Emu.Media.Recognition;

/// <summary>
/// PNG (ISO/IEC 15948): IHDR, chunks, IEND. ImageSharp takes an APNG for a still, leaves missing rows transparent, and never
/// returns from an interlaced file whose data end early.
/// </summary>
internal static class PngStructure
{
    /// <summary>Where the header says how many bits a sample has.</summary>
    private const int DepthAt = 24;

    /// <summary>Adam7: for each pass, the first column and row, and the steps to the next ones.</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] InterlacePasses =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public static PictureExtent Read(ReadOnlySpan<byte> file)
    {
        var chunks = new PngChunks(file);
        var (isFirst, hasData) = (true, false);
        while (chunks.MoveNext())
        {
            if (isFirst)
            {
                isFirst = false;
                CheckHeader(chunks.Type, chunks.Data);
            }
            else if (chunks.Type.SequenceEqual("acTL"u8) && chunks.Data.Length >= 4 && BinaryPrimitives.ReadUInt32BigEndian(chunks.Data) > 1)
            {
                throw InvalidPictureException.Animated(PictureFormat.Png);
            }
            else if (chunks.Type.SequenceEqual("IDAT"u8))
            {
                hasData |= !chunks.Data.IsEmpty;
            }
            else if (chunks.Type.SequenceEqual("IEND"u8))
            {
                return hasData
                    ? new PictureExtent(chunks.Position)
                    : throw InvalidPictureException.Damaged(PictureFormat.Png, "it has no picture data");
            }
        }
        return hasData || IsCutInData(file, chunks.Position)
            ? new PictureExtent(file.Length, IsOpen: true)
            : throw InvalidPictureException.Truncated(PictureFormat.Png);
    }

    /// <summary>The file as ImageSharp reads it rightly.</summary>
    /// <param name="content">The picture.</param>
    /// <param name="isOpen">Whether it has no end: a last chunk that is cut is then closed if it is picture data, and left out otherwise.</param>
    public static ReadOnlyMemory<byte> ForDecoder(ReadOnlyMemory<byte> content, bool isOpen)
    {
        var file = isOpen ? Closed(content.Span) : content;
        // ImageSharp reads the transparent colour of 16-bit pictures with its bytes swapped.
        return IsWide(file.Span) && !PngChunks.Find(file.Span, "tRNS"u8).IsEmpty ? WithSwappedTransparentColor(file.ToArray()) : file;
    }

    /// <summary>Whether samples have 16 bits.</summary>
    /// <param name="file">A picture whose structure was checked.</param>
    public static bool IsWide(ReadOnlySpan<byte> file) => file[DepthAt] == 16;

    private static byte[] Closed(ReadOnlySpan<byte> file)
    {
        var chunks = new PngChunks(file);
        while (chunks.MoveNext())
        {
        }
        var at = chunks.Position;
        var cut = IsCutInData(file, at) ? Chunk("IDAT"u8, DataOfCutChunk(file, at)) : [];
        return [.. file[..at], .. cut, .. Chunk("IEND"u8, default)];
    }

    private static byte[] WithSwappedTransparentColor(byte[] file)
    {
        var chunks = new PngChunks(file);
        while (chunks.MoveNext())
        {
            if (chunks.Type.SequenceEqual("tRNS"u8))
            {
                var checksum = file.AsSpan(chunks.Position - 4, 4);
                var chunk = file.AsSpan(chunks.Position - 8 - chunks.Data.Length, chunks.Data.Length + 4);
                for (var i = 4; i + 1 < chunk.Length; i += 2)
                {
                    chunk.Slice(i, 2).Reverse();
                }
                BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32.HashToUInt32(chunk));
            }
        }
        return file;
    }

    /// <summary>Checks that the compressed data hold every row.</summary>
    /// <param name="file">The file, with an end.</param>
    /// <param name="cancellationToken">Stops decompressing.</param>
    /// <exception cref="InvalidPictureException">They do not, or are damaged.</exception>
    public static void CheckRows(ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        using var compressed = new MemoryStream(file.Length);
        var missing = 0L;
        var chunks = new PngChunks(file.Span);
        while (chunks.MoveNext())
        {
            if (chunks.Type.SequenceEqual("IHDR"u8))
            {
                missing = LengthOfRows(chunks.Data);
            }
            else if (chunks.Type.SequenceEqual("IDAT"u8))
            {
                compressed.Write(chunks.Data);
            }
        }
        compressed.Position = 0;
        try
        {
            using var rows = new ZLibStream(compressed, CompressionMode.Decompress);
            var buffer = new byte[1 << 16];
            while (missing > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = rows.Read(buffer);
                missing -= count > 0 ? count : throw InvalidPictureException.Truncated(PictureFormat.Png);
            }
        }
        catch (InvalidDataException exception)
        {
            throw InvalidPictureException.Damaged(PictureFormat.Png, "its data cannot be decompressed", exception);
        }
    }

    private static bool IsCutInData(ReadOnlySpan<byte> file, int at) => file.Length - at > 8 && file.Slice(at + 4, 4).SequenceEqual("IDAT"u8);

    /// <summary>What there is of it: the checksum may be cut as well.</summary>
    private static ReadOnlySpan<byte> DataOfCutChunk(ReadOnlySpan<byte> file, int at) =>
        file[(at + 8)..(int)Math.Min(file.Length, at + 8 + (long)BinaryPrimitives.ReadUInt32BigEndian(file[at..]))];

    /// <summary>A chunk with its length and checksum.</summary>
    public static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[data.Length + PngChunks.Overhead];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4..), Crc32.HashToUInt32(chunk.AsSpan(4..^4)));
        return chunk;
    }

    /// <summary>Bytes of all rows, each with its filter's number.</summary>
    private static long LengthOfRows(ReadOnlySpan<byte> header)
    {
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]));
        var channels = header[9] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        var depth = header[8];
        long Rows(int columns, int rows) => columns > 0 && rows > 0 ? (1 + ((((long)columns * channels * depth) + 7) / 8)) * rows : 0;
        return header[12] == 0
            ? Rows(width, height)
            : InterlacePasses.Sum(pass => Rows((width - pass.X + pass.StepX - 1) / pass.StepX, (height - pass.Y + pass.StepY - 1) / pass.StepY));
    }

    private static void CheckHeader(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        if (!type.SequenceEqual("IHDR"u8) || data.Length != 13)
        {
            throw InvalidPictureException.Damaged(PictureFormat.Png, "it does not begin with its header");
        }
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
        {
            throw InvalidPictureException.Damaged(PictureFormat.Png, $"a size of {width}x{height} is not possible");
        }
        var (depth, color) = (data[8], data[9]);
        var known = color switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        if (!known || data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw InvalidPictureException.Damaged(PictureFormat.Png, "its header holds values that PNG does not know");
        }
    }
}
