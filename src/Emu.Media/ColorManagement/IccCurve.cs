using System.Buffers.Binary;

namespace Emu.Media.ColorManagement;

/// <summary>A curve from 0..1 to 0..1: a table, or one of ICC's functions (ICC.1:2022, 10.6 and 10.18).</summary>
internal sealed class IccCurve
{
    /// <summary>How many parameters each function takes, by its number.</summary>
    private static readonly int[] ParameterCounts = [1, 3, 4, 5, 7];

    private readonly float[] _table;
    private readonly Func<float, float>? _function;

    /// <summary>A table, evenly spaced and interpolated linearly; at least one value.</summary>
    public IccCurve(float[] table) => _table = table;

    private IccCurve(Func<float, float> function) => (_table, _function) = ([], function);

    /// <summary>Leaves every value as it is.</summary>
    public static IccCurve Identity { get; } = new(x => x);

    /// <summary>A power.</summary>
    public static IccCurve Gamma(double exponent) => new(x => (float)Math.Pow(Math.Max(x, 0), exponent));

    /// <summary>Reads a curve.</summary>
    /// <param name="data">From its type's signature on; may go on behind it.</param>
    /// <param name="length">How many bytes the curve takes.</param>
    /// <exception cref="InvalidDataException">It is not a curve.</exception>
    public static IccCurve Read(ReadOnlySpan<byte> data, out int length)
    {
        if (data.StartsWith("curv"u8))
        {
            var count = BinaryPrimitives.ReadInt32BigEndian(data[8..]);
            if (count < 0 || count > (data.Length - 12) / 2)
            {
                throw new InvalidDataException("A curve is longer than its profile.");
            }
            length = 12 + (2 * count);
            var values = data[12..];
            return count switch
            {
                0 => Identity,
                1 => Gamma(BinaryPrimitives.ReadUInt16BigEndian(values) / 256.0),
                _ => new IccCurve(ReadTable(values, count)),
            };
        }
        if (data.StartsWith("para"u8) && BinaryPrimitives.ReadUInt16BigEndian(data[8..]) is var kind && kind < ParameterCounts.Length)
        {
            length = 12 + (4 * ParameterCounts[kind]);
            return Parametric(kind, data[12..length]);
        }
        throw new InvalidDataException("A curve of a kind that is not known.");
    }

    /// <summary>Reads a table of 16-bit values.</summary>
    public static float[] ReadTable(ReadOnlySpan<byte> values, int count)
    {
        var table = new float[count];
        for (var i = 0; i < count; i++)
        {
            table[i] = BinaryPrimitives.ReadUInt16BigEndian(values[(2 * i)..]) / 65535f;
        }
        return table;
    }

    /// <summary>The value at a place, which is clamped to 0..1.</summary>
    public float Evaluate(float x)
    {
        x = Math.Clamp(x, 0f, 1f);
        if (_function is not null)
        {
            return _function(x);
        }
        var place = x * (_table.Length - 1);
        var below = (int)place;
        return below + 1 < _table.Length ? _table[below] + ((place - below) * (_table[below + 1] - _table[below])) : _table[^1];
    }

    private static IccCurve Parametric(int kind, ReadOnlySpan<byte> data)
    {
        var p = new double[7];
        for (var i = 0; i < ParameterCounts[kind]; i++)
        {
            p[i] = BinaryPrimitives.ReadInt32BigEndian(data[(4 * i)..]) / 65536.0;
        }
        var (g, a, b, c, d, e, f) = (p[0], kind == 0 ? 1 : p[1], p[2], p[3], p[4], p[5], p[6]);
        if (kind is 1 or 2)
        {
            // Below -b/a the value is constant: 0, or c, which is added above as well.
            (c, d, e, f) = (0, a == 0 ? 0 : -b / a, kind == 2 ? c : 0, kind == 2 ? c : 0);
        }
        return new IccCurve(x => (float)(x >= d ? Math.Pow(Math.Max((a * x) + b, 0), g) + e : (c * x) + f));
    }
}
