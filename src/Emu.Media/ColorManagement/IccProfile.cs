using System.Buffers.Binary;
using System.Numerics;

namespace Emu.Media.ColorManagement;

/// <summary>A colour profile (ICC.1:2022): what a picture's numbers mean. ImageSharp 2.1 carries profiles and does not apply them.</summary>
internal sealed class IccProfile
{
    private const int HeaderLength = 128;
    private const int TagLength = 12;

    /// <summary>Red, green and blue of sRGB as XYZ at D50.</summary>
    private static readonly double[][] SrgbPrimaries = [[0.43607, 0.22249, 0.01392], [0.38515, 0.71687, 0.09708], [0.14307, 0.06061, 0.71410]];

    private readonly ReadOnlyMemory<byte> _data;

    private IccProfile(ReadOnlyMemory<byte> data) => _data = data;

    private ReadOnlySpan<byte> DeviceSpace => _data.Span.Slice(16, 4);

    private bool HasLab => _data.Span.Slice(20, 4).SequenceEqual("Lab "u8);

    /// <summary>The conversion to sRGB that a profile describes.</summary>
    /// <param name="data">The profile.</param>
    /// <param name="channels">The picture's own channels: 1 (grey), 3 (RGB) or 4 (CMYK).</param>
    /// <returns>Null where the profile is damaged, is for other channels, or changes nothing; as browsers do, the picture is then shown as it is.</returns>
    public static SrgbConversion? ConversionOf(ReadOnlyMemory<byte> data, int channels)
    {
        if (data.Length < HeaderLength + 4 || !data.Span[36..].StartsWith("acsp"u8))
        {
            return null;
        }
        var profile = new IccProfile(data);
        try
        {
            return channels switch
            {
                1 when profile.DeviceSpace.SequenceEqual("GRAY"u8) => profile.Gray(),
                1 or 3 when profile.DeviceSpace.SequenceEqual("RGB "u8) => profile.Table(3) ?? profile.Matrix(),
                4 when profile.DeviceSpace.SequenceEqual("CMYK"u8) => profile.Table(4),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>
    /// A profile that fits red, green and blue samples: the profile itself, or, since files may not carry a profile of grey with
    /// colour samples, one of sRGB's primaries with grey's curve, which means the same for every grey.
    /// </summary>
    /// <returns>Null where there is none: the profile is damaged or is for other channels.</returns>
    public static ReadOnlyMemory<byte>? ForRgb(ReadOnlyMemory<byte> data)
    {
        if (data.Length < HeaderLength + 4 || !data.Span[36..].StartsWith("acsp"u8))
        {
            return null;
        }
        var profile = new IccProfile(data);
        return profile.DeviceSpace.SequenceEqual("RGB "u8) ? data
            : profile.DeviceSpace.SequenceEqual("GRAY"u8) && !profile.HasLab ? profile.GrayAsRgb()
            : null;
    }

    private ReadOnlyMemory<byte>? GrayAsRgb()
    {
        byte[] curve, white, text, copyright;
        try
        {
            (curve, white, text, copyright) = (Tag("kTRC"u8).ToArray(), Tag("wtpt"u8).ToArray(), Tag("desc"u8).ToArray(), Tag("cprt"u8).ToArray());
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
        var primaries = SrgbPrimaries.Select(xyz => (byte[])[.. "XYZ "u8, 0, 0, 0, 0, .. xyz.SelectMany(Fixed)]).ToArray();
        (byte[] Data, string[] Names)[] tags =
            [(text, ["desc"]), (copyright, ["cprt"]), (white, ["wtpt"]), (curve, ["rTRC", "gTRC", "bTRC"]), (primaries[0], ["rXYZ"]), (primaries[1], ["gXYZ"]), (primaries[2], ["bXYZ"])];
        tags = [.. tags.Where(tag => tag.Data.Length > 0)];
        using var table = new MemoryStream();
        using var content = new MemoryStream();
        var count = tags.Sum(tag => tag.Names.Length);
        table.Write(Number(count));
        foreach (var (bytes, names) in tags)
        {
            foreach (var name in names)
            {
                table.Write([.. System.Text.Encoding.ASCII.GetBytes(name), .. Number(HeaderLength + 4 + (count * TagLength) + (int)content.Length), .. Number(bytes.Length)]);
            }
            content.Write([.. bytes, .. new byte[-bytes.Length & 3]]);
        }
        byte[] made = [.. _data.Span[..HeaderLength], .. table.ToArray(), .. content.ToArray()];
        BinaryPrimitives.WriteInt32BigEndian(made, made.Length);
        "RGB "u8.CopyTo(made.AsSpan(16));
        // The profile's checksum; zero: not computed.
        made.AsSpan(84, 16).Clear();
        return made;

        static byte[] Number(int value)
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            return bytes;
        }

        static byte[] Fixed(double value) => Number((int)Math.Round(value * 65536));
    }

    private SrgbConversion Gray()
    {
        var curve = IccCurve.Read(Tag("kTRC"u8), out _);
        return SrgbConversion.FromGray(x => HasLab ? SrgbConversion.LabToXyz(new Vector3(100 * curve.Evaluate(x), 0, 0)).Y : curve.Evaluate(x));
    }

    private SrgbConversion? Table(int channels)
    {
        var tag = Tag("A2B0"u8);
        tag = tag.IsEmpty ? Tag("A2B1"u8) : tag;
        return tag.IsEmpty ? null : SrgbConversion.FromTable(IccLut.Read(tag, channels), channels, HasLab);
    }

    private SrgbConversion? Matrix() => SrgbConversion.FromMatrix(
        [IccCurve.Read(Tag("rTRC"u8), out _), IccCurve.Read(Tag("gTRC"u8), out _), IccCurve.Read(Tag("bTRC"u8), out _)],
        Xyz("rXYZ"u8),
        Xyz("gXYZ"u8),
        Xyz("bXYZ"u8));

    private Vector3 Xyz(ReadOnlySpan<byte> signature)
    {
        var data = Tag(signature)[8..];
        return new Vector3(
            BinaryPrimitives.ReadInt32BigEndian(data) / 65536f,
            BinaryPrimitives.ReadInt32BigEndian(data[4..]) / 65536f,
            BinaryPrimitives.ReadInt32BigEndian(data[8..]) / 65536f);
    }

    private ReadOnlySpan<byte> Tag(ReadOnlySpan<byte> signature)
    {
        var data = _data.Span;
        var tags = data[(HeaderLength + 4)..];
        for (var count = BinaryPrimitives.ReadUInt32BigEndian(data[HeaderLength..]); count > 0 && tags.Length >= TagLength; count--, tags = tags[TagLength..])
        {
            if (tags.StartsWith(signature))
            {
                return data.Slice(BinaryPrimitives.ReadInt32BigEndian(tags[4..]), BinaryPrimitives.ReadInt32BigEndian(tags[8..]));
            }
        }
        return default;
    }
}
