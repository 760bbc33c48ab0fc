using System.Buffers.Binary;
using System.Numerics;
using Emu.Media.Recognition;

namespace Emu.Media.ColorManagement;

/// <summary>
/// What a PNG says of its colours, which ImageSharp does not read: a profile (iCCP), or else that it is sRGB, or else a gamma
/// (gAMA) and primaries (cHRM), as browsers apply them.
/// </summary>
internal static class PngColorSpace
{
    /// <summary>Profiles of real files have at most a few megabytes.</summary>
    private const int MaximumProfileBytes = 8 << 20;

    private static readonly double[] SrgbPrimaries = [0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06];

    /// <summary>The conversion to sRGB; null if there is nothing to convert.</summary>
    public static SrgbConversion? ConversionOf(ReadOnlySpan<byte> file)
    {
        if (PngChunks.Find(file, "iCCP"u8) is { IsEmpty: false } profile)
        {
            // Bit 1 of the colour type: red, green and blue.
            return IccProfile.ConversionOf(Inflate(profile), (file[25] & 2) != 0 ? 3 : 1);
        }
        var gamma = PngChunks.Find(file, "gAMA"u8);
        if (gamma.Length < 4 || !PngChunks.Find(file, "sRGB"u8).IsEmpty || BinaryPrimitives.ReadUInt32BigEndian(gamma) is not (> 0 and var value))
        {
            return null;
        }
        var stated = PngChunks.Find(file, "cHRM"u8);
        if (stated.Length < 32)
        {
            // 1/2.2 is how files say sRGB that can say nothing better.
            return value is > 45_000 and < 46_000 ? null : FromPrimaries(value, SrgbPrimaries);
        }
        var primaries = new double[8];
        for (var i = 0; i < primaries.Length; i++)
        {
            primaries[i] = BinaryPrimitives.ReadUInt32BigEndian(stated[(4 * i)..]) / 100_000.0;
        }
        return primaries[1] > 0 && primaries[3] > 0 && primaries[5] > 0 && primaries[7] > 0 ? FromPrimaries(value, primaries) : null;
    }

    /// <summary>Colours from their chromaticities: x and y of white, red, green and blue.</summary>
    private static SrgbConversion? FromPrimaries(uint gamma, double[] xy)
    {
        Vector3 Xyz(int i) => new((float)(xy[2 * i] / xy[(2 * i) + 1]), 1f, (float)((1 - xy[2 * i] - xy[(2 * i) + 1]) / xy[(2 * i) + 1]));
        var primaries = Columns(Xyz(1), Xyz(2), Xyz(3));
        if (!Matrix4x4.Invert(primaries, out var inverse))
        {
            return null;
        }
        var (white, adapt) = (Xyz(0), AdaptationToD50(Xyz(0)));
        var share = Vector3.Transform(white, inverse);
        var curve = IccCurve.Gamma(100_000.0 / gamma);
        return SrgbConversion.FromMatrix(
            [curve, curve, curve],
            Vector3.Transform(Xyz(1) * share.X, adapt),
            Vector3.Transform(Xyz(2) * share.Y, adapt),
            Vector3.Transform(Xyz(3) * share.Z, adapt));
    }

    /// <summary>Bradford's method.</summary>
    private static Matrix4x4 AdaptationToD50(Vector3 white)
    {
        var cone = Columns(new(0.8951f, -0.7502f, 0.0389f), new(0.2664f, 1.7135f, -0.0685f), new(-0.1614f, 0.0367f, 1.0296f));
        Matrix4x4.Invert(cone, out var back);
        var scale = Vector3.Transform(new(0.9642f, 1f, 0.8249f), cone) / Vector3.Transform(white, cone);
        return cone * Matrix4x4.CreateScale(scale) * back;
    }

    /// <summary>The matrix that makes x, y and z of these vectors (<see cref="Matrix4x4"/> multiplies row vectors).</summary>
    private static Matrix4x4 Columns(Vector3 x, Vector3 y, Vector3 z) => new(x.X, x.Y, x.Z, 0, y.X, y.Y, y.Z, 0, z.X, z.Y, z.Z, 0, 0, 0, 0, 1);

    /// <summary>Name, 0, method, compressed profile. A damaged one is none.</summary>
    internal static byte[] Inflate(ReadOnlySpan<byte> chunk)
    {
        var name = chunk.IndexOf((byte)0);
        return name >= 0 && name + 2 <= chunk.Length ? BoundedInflate.Read(chunk[(name + 2)..], MaximumProfileBytes) : [];
    }
}
