using System.Buffers.Binary;
using System.Numerics;

namespace Emu.Media.ColorManagement;

/// <summary>A colour profile (ICC.1:2022): what a picture's numbers mean. ImageSharp 2.1 carries profiles and does not apply them.</summary>
internal sealed class IccProfile
{
    private const int HeaderLength = 128;
    private const int TagLength = 12;

    private readonly ReadOnlyMemory<byte> _data;

    private IccProfile(ReadOnlyMemory<byte> data) => _data = data;

    private ReadOnlySpan<byte> DeviceSpace => _data.Span.Slice(16, 4);

    private bool HasLab => _data.Span.Slice(20, 4).SequenceEqual("Lab "u8);

    /// <summary>The conversion to sRGB that a profile describes.</summary>
    /// <param name="data">The profile.</param>
    /// <param name="channels">The picture's own channels: 1 (grey) or 3 (RGB); of others there are no samples.</param>
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
                1 or 3 when profile.DeviceSpace.SequenceEqual("RGB "u8) => profile.Table() ?? profile.Matrix(),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            return null;
        }
    }

    private SrgbConversion Gray()
    {
        var curve = IccCurve.Read(Tag("kTRC"u8), out _);
        return SrgbConversion.FromGray(x => HasLab ? SrgbConversion.LabToXyz(new Vector3(100 * curve.Evaluate(x), 0, 0)).Y : curve.Evaluate(x));
    }

    private SrgbConversion? Table()
    {
        var tag = Tag("A2B0"u8);
        tag = tag.IsEmpty ? Tag("A2B1"u8) : tag;
        return tag.IsEmpty ? null : SrgbConversion.FromTable(IccLut.Read(tag), HasLab);
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
