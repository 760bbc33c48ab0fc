using System.Buffers.Binary;

namespace Emu.Media.ColorManagement;

/// <summary>
/// A table from device colours to the connection space: curves, a grid that is interpolated linearly, and from version 4 on
/// curves and a matrix behind it (ICC.1:2022, 10.10 to 10.12: <c>mft1</c>, <c>mft2</c>, <c>mAB</c>).
/// </summary>
internal sealed class IccLut
{
    private const int Inputs = 3;
    private const int Outputs = 3;

    private readonly IccCurve[] _first;
    private readonly int _gridPoints;
    private readonly int[] _grid;
    private readonly float[] _values;
    private readonly IccCurve[] _middle = [];
    private readonly float[] _matrix = [];
    private readonly IccCurve[] _last;

    private IccLut(ReadOnlySpan<byte> data, int bytes)
    {
        var (inputs, gridPoints) = (data[8], data[10]);
        var (inputEntries, outputEntries, at) = bytes == 1
            ? (256, 256, 48)
            : (BinaryPrimitives.ReadUInt16BigEndian(data[48..]), BinaryPrimitives.ReadUInt16BigEndian(data[50..]), 52);
        _first = ReadTables(data, ref at, inputs, inputEntries, bytes);
        _grid = [.. Enumerable.Repeat((int)gridPoints, inputs)];
        _gridPoints = CountOf(_grid, data.Length);
        _values = ReadValues(data, ref at, _gridPoints * Outputs, bytes);
        _last = ReadTables(data, ref at, Outputs, outputEntries, bytes);
    }

    private IccLut(ReadOnlySpan<byte> data)
    {
        var inputs = data[8];
        int Offset(ReadOnlySpan<byte> header, int index) => BinaryPrimitives.ReadInt32BigEndian(header[(12 + (4 * index))..]);
        var (last, matrix, middle, grid, first) = (Offset(data, 0), Offset(data, 1), Offset(data, 2), Offset(data, 3), Offset(data, 4));
        _last = ReadCurves(data, last, Outputs);
        _matrix = matrix == 0 ? [] : ReadMatrix(data[matrix..]);
        _middle = middle == 0 ? [] : ReadCurves(data, middle, Outputs);
        _first = first == 0 ? [] : ReadCurves(data, first, inputs);
        (_grid, _values) = ([], []);
        if (grid != 0)
        {
            _grid = [.. data.Slice(grid, inputs).ToArray().Select(points => (int)points)];
            _gridPoints = CountOf(_grid, data.Length);
            var at = grid + 20;
            _values = ReadValues(data, ref at, _gridPoints * Outputs, data[grid + 16] == 1 ? 1 : 2);
        }
        else if (inputs != Outputs)
        {
            throw new InvalidDataException("A table without a grid has three inputs.");
        }
    }

    /// <summary>Whether the connection space's Lab is encoded as in version 2: 65,280 is 100.</summary>
    public bool HasLegacyLab { get; private init; }

    /// <summary>Reads a table.</summary>
    /// <param name="data">From its type's signature on.</param>
    /// <exception cref="InvalidDataException">It is not such a table.</exception>
    public static IccLut Read(ReadOnlySpan<byte> data)
    {
        if (data.Length < 32 || data[8] != Inputs || data[9] != Outputs)
        {
            throw new InvalidDataException("A table of other channels than the picture's.");
        }
        return data switch
        {
            _ when data.StartsWith("mft1"u8) => new IccLut(data, 1),
            _ when data.StartsWith("mft2"u8) => new IccLut(data, 2) { HasLegacyLab = true },
            _ when data.StartsWith("mAB "u8) => new IccLut(data),
            _ => throw new InvalidDataException("A table of a kind that is not known."),
        };
    }

    /// <summary>Evaluates the table.</summary>
    /// <param name="device">One value for each input, 0 to 1; overwritten.</param>
    /// <param name="result">Three values, 0 to 1.</param>
    public void Evaluate(Span<float> device, Span<float> result)
    {
        for (var i = 0; i < _first.Length; i++)
        {
            device[i] = _first[i].Evaluate(device[i]);
        }
        if (_grid.Length > 0)
        {
            Interpolate(device, result);
        }
        else
        {
            device[..Outputs].CopyTo(result);
        }
        for (var i = 0; i < _middle.Length; i++)
        {
            result[i] = _middle[i].Evaluate(result[i]);
        }
        if (_matrix.Length > 0)
        {
            var (x, y, z) = (result[0], result[1], result[2]);
            for (var i = 0; i < Outputs; i++)
            {
                result[i] = (_matrix[3 * i] * x) + (_matrix[(3 * i) + 1] * y) + (_matrix[(3 * i) + 2] * z) + _matrix[9 + i];
            }
        }
        for (var i = 0; i < Outputs; i++)
        {
            result[i] = _last[i].Evaluate(result[i]);
        }
    }

    private void Interpolate(ReadOnlySpan<float> place, Span<float> result)
    {
        Span<int> step = stackalloc int[_grid.Length];
        Span<float> fraction = stackalloc float[_grid.Length];
        var corner = 0;
        var stride = Outputs;
        for (var i = _grid.Length - 1; i >= 0; i--)
        {
            var at = Math.Clamp(place[i], 0f, 1f) * (_grid[i] - 1);
            var below = Math.Min((int)at, Math.Max(_grid[i] - 2, 0));
            fraction[i] = at - below;
            corner += below * stride;
            step[i] = _grid[i] > 1 ? stride : 0;
            stride *= _grid[i];
        }
        result[..Outputs].Clear();
        for (var corners = 0; corners < 1 << _grid.Length; corners++)
        {
            var (weight, at) = (1f, corner);
            for (var i = 0; i < _grid.Length; i++)
            {
                var above = (corners >> i & 1) != 0;
                weight *= above ? fraction[i] : 1 - fraction[i];
                at += above ? step[i] : 0;
            }
            if (weight > 0)
            {
                for (var c = 0; c < Outputs; c++)
                {
                    result[c] += weight * _values[at + c];
                }
            }
        }
    }

    private static int CountOf(int[] grid, int limit)
    {
        var count = 1L;
        foreach (var points in grid)
        {
            count *= points;
            if (count < 1 || count > limit)
            {
                throw new InvalidDataException("A table is larger than its profile.");
            }
        }
        return (int)count;
    }

    private static IccCurve[] ReadTables(ReadOnlySpan<byte> data, ref int at, int count, int entries, int bytes)
    {
        if (entries < 2)
        {
            throw new InvalidDataException("A table has no entries.");
        }
        var tables = new IccCurve[count];
        for (var i = 0; i < count; i++)
        {
            tables[i] = new IccCurve(ReadValues(data, ref at, entries, bytes));
        }
        return tables;
    }

    private static float[] ReadValues(ReadOnlySpan<byte> data, ref int at, int count, int bytes)
    {
        var source = data.Slice(at, checked(count * bytes));
        at += source.Length;
        return bytes == 2 ? IccCurve.ReadTable(source, count) : [.. source.ToArray().Select(value => value / 255f)];
    }

    private static IccCurve[] ReadCurves(ReadOnlySpan<byte> data, int at, int count)
    {
        var curves = new IccCurve[count];
        for (var i = 0; i < count; i++)
        {
            curves[i] = IccCurve.Read(data[at..], out var length);
            at += (length + 3) & ~3;
        }
        return curves;
    }

    private static float[] ReadMatrix(ReadOnlySpan<byte> data)
    {
        var matrix = new float[12];
        for (var i = 0; i < matrix.Length; i++)
        {
            matrix[i] = BinaryPrimitives.ReadInt32BigEndian(data[(4 * i)..]) / 65536f;
        }
        return matrix;
    }
}
