using System.IO.Compression;

namespace Emu.Media.Recognition;

/// <summary>Unpacks small blocks of files, which may unpack to gigabytes, up to a limit.</summary>
internal static class BoundedInflate
{
    /// <summary>The unpacked bytes, cut off at the limit; none if the block is damaged.</summary>
    /// <param name="compressed">A zlib stream.</param>
    /// <param name="maximumBytes">The limit.</param>
    public static byte[] Read(ReadOnlySpan<byte> compressed, int maximumBytes)
    {
        var content = new byte[maximumBytes];
        try
        {
            using var inflated = new ZLibStream(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress);
            return content[..inflated.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }
}
