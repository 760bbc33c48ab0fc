using System.Numerics;
using Emu.Media.Pictures;

namespace Emu.Media.ColorManagement;

/// <summary>Converts samples from a colour space of their own to sRGB. Colours outside sRGB are clipped.</summary>
internal sealed class SrgbConversion
{
    private const int EncodingSteps = 1 << 16;

    private static readonly byte[] Encoding = [.. Enumerable.Range(0, EncodingSteps).Select(i => (byte)((255 * Encode(i / (EncodingSteps - 1.0))) + 0.5))];

    /// <summary>The white of profiles' connection space, D50.</summary>
    private static readonly Vector3 White = new(0.9642f, 1f, 0.8249f);

    /// <summary>XYZ at D50 to linear sRGB (adapted by Bradford's method), by columns.</summary>
    private static readonly (Vector3 X, Vector3 Y, Vector3 Z) ToLinear =
        (new(3.1338561f, -0.9787684f, 0.0719453f), new(-1.6168667f, 1.9161415f, -0.2289914f), new(-0.4906146f, 0.0334540f, 1.4052427f));

    private readonly Converter _convert;

    private SrgbConversion(Converter convert) => _convert = convert;

    /// <summary>Converts one pixel: device channels (red, green, blue, or cyan, magenta, yellow, black) to linear sRGB.</summary>
    private delegate Vector3 Converter(byte first, byte second, byte third, byte fourth);

    /// <summary>One curve from grey to linear light.</summary>
    public static SrgbConversion FromGray(Func<float, float> luminance)
    {
        var table = Enumerable.Range(0, 256).Select(i => new Vector3(luminance(i / 255f))).ToArray();
        return new SrgbConversion((gray, _, _, _) => table[gray]);
    }

    /// <summary>A curve for each channel, and the colours of the primaries: XYZ at D50.</summary>
    public static SrgbConversion? FromMatrix(IccCurve[] curves, Vector3 red, Vector3 green, Vector3 blue)
    {
        Vector3[] Scaled(IccCurve curve, Vector3 primary) => [.. Enumerable.Range(0, 256).Select(i => Linear(primary) * curve.Evaluate(i / 255f))];
        var (reds, greens, blues) = (Scaled(curves[0], red), Scaled(curves[1], green), Scaled(curves[2], blue));
        return UnlessIdentity(new SrgbConversion((r, g, b, _) => reds[r] + greens[g] + blues[b]));
    }

    /// <summary>A table to the connection space.</summary>
    public static SrgbConversion? FromTable(IccLut table, bool isLab) => UnlessIdentity(new SrgbConversion((first, second, third, fourth) =>
    {
        Span<float> device = [first / 255f, second / 255f, third / 255f, fourth / 255f];
        Span<float> value = stackalloc float[3];
        table.Evaluate(device, value);
        var (l, ab) = table.HasLegacyLab ? (65535f / 65280f * 100f, 65535f / 256f) : (100f, 255f);
        return Linear(isLab
            ? LabToXyz(new Vector3(value[0] * l, (value[1] * ab) - 128f, (value[2] * ab) - 128f))
            : new Vector3(value[0], value[1], value[2]) * (1 + (32767f / 32768f)));
    }));

    /// <summary>CIE Lab to XYZ, both at D50.</summary>
    public static Vector3 LabToXyz(Vector3 lab)
    {
        var y = (lab.X + 16f) / 116f;
        return White * new Vector3(Inverse(y + (lab.Y / 500f)), Inverse(y), Inverse(y - (lab.Z / 200f)));

        static float Inverse(float t) => t > 6f / 29f ? t * t * t : 3 * (6f / 29f) * (6f / 29f) * (t - (4f / 29f));
    }

    /// <summary>Converts pixels in place.</summary>
    /// <param name="samples"><c>[height, width, 4]</c>: red, green, blue and alpha, which stays.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="cancellationToken">Stops at the next row.</param>
    public void Apply(byte[] samples, int width, CancellationToken cancellationToken)
    {
        var rowLength = width * Picture.Channels;
        Parallel.For(0, samples.Length / rowLength, new ParallelOptions { CancellationToken = cancellationToken }, y =>
        {
            var row = samples.AsSpan(y * rowLength, rowLength);
            for (var i = 0; i < row.Length; i += Picture.Channels)
            {
                Store(_convert(row[i], row[i + 1], row[i + 2], 255), row[i..]);
            }
        });
    }

    private static void Store(Vector3 linear, Span<byte> samples)
    {
        var place = (Vector3.Clamp(linear, Vector3.Zero, Vector3.One) * (EncodingSteps - 1)) + new Vector3(0.5f);
        samples[0] = Encoding[(int)place.X];
        samples[1] = Encoding[(int)place.Y];
        samples[2] = Encoding[(int)place.Z];
    }

    private static Vector3 Linear(Vector3 xyz) => (ToLinear.X * xyz.X) + (ToLinear.Y * xyz.Y) + (ToLinear.Z * xyz.Z);

    private static double Encode(double linear) => linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055;

    /// <summary>Null for sRGB itself as profiles write it, give or take two steps: its samples then stay exactly as they are.</summary>
    private static SrgbConversion? UnlessIdentity(SrgbConversion conversion)
    {
        Span<byte> pixel = stackalloc byte[3];
        for (var i = 0; i < 9 * 9 * 9; i++)
        {
            var (r, g, b) = ((byte)(i % 9 * 255 / 8), (byte)(i / 9 % 9 * 255 / 8), (byte)(i / 81 * 255 / 8));
            Store(conversion._convert(r, g, b, 255), pixel);
            if (Math.Abs(pixel[0] - r) > 2 || Math.Abs(pixel[1] - g) > 2 || Math.Abs(pixel[2] - b) > 2)
            {
                return conversion;
            }
        }
        return null;
    }
}
