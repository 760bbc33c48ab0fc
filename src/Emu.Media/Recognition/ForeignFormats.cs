using System.Buffers.Binary;
using Emu.Media.Pictures;

namespace Emu.Media.Recognition;

/// <summary>What is not a picture that we read: named where it can be, and refused where it hides in a picture.</summary>
internal static class ForeignFormats
{
    /// <summary>PDF readers look for their header in this many bytes.</summary>
    private const int PdfWindow = 1024;

    private const int ZipEndSize = 22;

    /// <summary>Says what a file that is none of ours looks like.</summary>
    public static string Describe(ReadOnlySpan<byte> file)
    {
        var name = file switch
        {
            _ when file.Length >= 12 && file[4..].StartsWith("ftyp"u8) => DescribeBrand(file.Slice(8, 4)),
            _ when file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) => "a TIFF",
            _ when file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) || (file.Length >= 8 && file[4..].StartsWith("JXL "u8)) => "a JPEG XL",
            _ when file.StartsWith("%PDF"u8) => "a PDF",
            _ when file.StartsWith("PK"u8) => "a ZIP archive",
            _ when file.StartsWith("#EXTM3U"u8) || file.StartsWith("ffconcat"u8) => "a playlist",
            _ when file.TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'<', ..] => "XML, HTML or SVG",
            _ when file.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0]) => "an icon",
            _ when file.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) => "a Matroska or WebM video",
            _ => null,
        };
        return name is null ? "The file is not a picture that is known." : $"The file looks like {name}, which is not read.";
    }

    /// <summary>Refuses files that are a picture and something else at once.</summary>
    /// <param name="format">The picture's format.</param>
    /// <param name="file">The file.</param>
    /// <param name="end">Where the picture ends.</param>
    public static void RefuseMixture(PictureFormat format, ReadOnlySpan<byte> file, int end)
    {
        if (EndsAsZip(file))
        {
            throw InvalidPictureException.Foreign(format, "it is a ZIP archive as well");
        }
        if (file[..Math.Min(file.Length, PdfWindow)].IndexOf("%PDF-"u8) >= 0)
        {
            throw InvalidPictureException.Foreign(format, "it is a PDF as well");
        }
        // Line breaks, text, the previews and short films of telephones: nothing of that is read.
        if (LooksActive(file[end..].TrimStart((byte)0)))
        {
            throw InvalidPictureException.Foreign(format, $"{file.Length - end} bytes follow its end");
        }
    }

    /// <summary>A ZIP is found from its end: a record whose comment reaches exactly to the end of the file.</summary>
    private static bool EndsAsZip(ReadOnlySpan<byte> file)
    {
        var tail = file[Math.Max(0, file.Length - ZipEndSize - ushort.MaxValue)..];
        for (var at = tail.LastIndexOf("PK\u0005\u0006"u8); at >= 0; at = tail[..at].LastIndexOf("PK\u0005\u0006"u8))
        {
            if (tail.Length - at >= ZipEndSize && BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 20)..]) == tail.Length - at - ZipEndSize)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Archives, programs, documents, scripts, markup, another picture: what some reader would take the file for.</summary>
    private static bool LooksActive(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("PK"u8) || rest.StartsWith("Rar!"u8) || rest.StartsWith("7z"u8) || rest.StartsWith("MZ"u8) || rest.StartsWith("\u007FELF"u8)
        || rest.StartsWith("%PDF"u8) || rest.StartsWith("#!"u8) || rest.StartsWith("/*"u8)
        || rest.StartsWith("GIF8"u8) || rest.TrimStart(" \t\r\n"u8) is [(byte)'<', ..];

    private static string DescribeBrand(ReadOnlySpan<byte> brand) => brand switch
    {
        _ when brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8) => "an AVIF",
        _ when brand.StartsWith("he"u8) || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8) => "a HEIC",
        _ => "an MP4 or QuickTime video",
    };
}
