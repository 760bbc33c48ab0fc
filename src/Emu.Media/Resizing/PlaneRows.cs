using System.Numerics;
using System.Runtime.CompilerServices;

namespace Emu.Media.Resizing;

/// <summary>Rows of a network's planes, <c>[4, height, width]</c>, premultiplied, −1 to 1.</summary>
internal readonly ref struct PlaneRows(ReadOnlySpan<float> planes, int width, int height) : IPixelRows
{
    private readonly ReadOnlySpan<float> _planes = planes;
    private readonly int _width = width;
    private readonly int _plane = width * height;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(int y, Span<Vector4> row)
    {
        var red = _planes.Slice(y * _width, _width);
        var green = _planes.Slice(_plane + (y * _width), _width);
        var blue = _planes.Slice((2 * _plane) + (y * _width), _width);
        var alpha = _planes.Slice((3 * _plane) + (y * _width), _width);
        for (var i = 0; i < row.Length; i++)
        {
            // A network's values may lie a little outside; beyond the range they mean no more than its end.
            var pixel = new Vector4(red[i], green[i], blue[i], alpha[i]);
            row[i] = (Vector4.Clamp(pixel, -Vector4.One, Vector4.One) + Vector4.One) * 0.5f;
        }
    }
}
