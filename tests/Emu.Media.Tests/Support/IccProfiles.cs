using System.Buffers.Binary;
using System.Text;

namespace Emu.Media.Tests.Support;

/// <summary>Puts colour profiles together.</summary>
internal static class IccProfiles
{
    /// <summary>sRGB's curve as a function of ICC (type 3): gamma, a, b, c, d.</summary>
    public static byte[] SrgbCurve { get; } =
        [.. "para"u8, 0, 0, 0, 0, 0, 3, 0, 0, .. Fixed(2.4), .. Fixed(1 / 1.055), .. Fixed(0.055 / 1.055), .. Fixed(1 / 12.92), .. Fixed(0.04045)];

    /// <summary>The primaries of sRGB at D50.</summary>
    public static (byte[] Red, byte[] Green, byte[] Blue) SrgbPrimaries { get; } =
        (Xyz(0.43607, 0.22249, 0.01392), Xyz(0.38515, 0.71687, 0.09708), Xyz(0.14307, 0.06061, 0.71410));

    /// <summary>A curve that is a power.</summary>
    public static byte[] Gamma(double exponent) => [.. "curv"u8, 0, 0, 0, 0, 0, 0, 0, 1, (byte)exponent, (byte)(exponent * 256 % 256)];

    public static byte[] Rgb(byte[] curve, byte[] red, byte[] green, byte[] blue) =>
        Profile("RGB ", "XYZ ", ("rTRC", curve), ("gTRC", curve), ("bTRC", curve), ("rXYZ", red), ("gXYZ", green), ("bXYZ", blue));

    public static byte[] Gray(byte[] curve) => Profile("GRAY", "XYZ ", ("kTRC", curve));

    /// <summary>A table of two points a channel (<c>mft1</c>) to Lab.</summary>
    /// <param name="space">The device's colour space: <c>RGB </c>, <c>CMYK</c>.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="lab">L (0 to 100), a and b for each corner: of each channel nothing or everything, the last channel changing fastest.</param>
    public static byte[] Table(string space, int channels, Func<int[], (double L, double A, double B)> lab)
    {
        byte[] identity = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        var values = Enumerable.Range(0, 1 << channels).SelectMany(corner =>
        {
            var (l, a, b) = lab([.. Enumerable.Range(0, channels).Select(c => corner >> (channels - 1 - c) & 1)]);
            return new[] { (byte)Math.Round(l * 2.55), (byte)(a + 128), (byte)(b + 128) };
        });
        byte[] table =
        [
            .. "mft1"u8, 0, 0, 0, 0, (byte)channels, 3, 2, 0, .. new byte[36],
            .. Enumerable.Repeat(identity, channels).SelectMany(bytes => bytes), .. values, .. identity, .. identity, .. identity,
        ];
        return Profile(space, "Lab ", ("A2B0", table));
    }

    private static byte[] Profile(string space, string connection, params (string Name, byte[] Data)[] tags)
    {
        var header = new byte[128];
        header[8] = 4;
        Encoding.ASCII.GetBytes("mntr" + space + connection).CopyTo(header, 12);
        Encoding.ASCII.GetBytes("acsp").CopyTo(header, 36);
        List<byte> table = [.. PictureFiles.BigEndian((uint)tags.Length)];
        List<byte> data = [];
        foreach (var (name, content) in tags)
        {
            table.AddRange([.. Encoding.ASCII.GetBytes(name), .. PictureFiles.BigEndian((uint)(132 + (12 * tags.Length) + data.Count)), .. PictureFiles.BigEndian((uint)content.Length)]);
            data.AddRange([.. content, .. new byte[-content.Length & 3]]);
        }
        byte[] profile = [.. header, .. table, .. data];
        BinaryPrimitives.WriteInt32BigEndian(profile, profile.Length);
        return profile;
    }

    private static byte[] Xyz(double x, double y, double z) => [.. "XYZ "u8, 0, 0, 0, 0, .. Fixed(x), .. Fixed(y), .. Fixed(z)];

    private static byte[] Fixed(double value) => PictureFiles.BigEndian((uint)(int)Math.Round(value * 65536));
}
