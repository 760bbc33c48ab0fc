using System.Numerics;
using System.Runtime.CompilerServices;

namespace Emu.Media.Resizing;

/// <summary>Rows of a network's planes, <c>[4, height, width]</c>, premultiplied, −1 to 1.</summary>
internal readonly ref struct PlaneRows(ReadOnlySpan<float> planes, int width, int height) : IPixelRows
{
    private readonly ReadOnlySpan<float> planes = planes;
    private readonly int width = width;
    private readonly int plane = width * height;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(int y, Span<Vector4> row)
    {
        var red = planes.Slice(y * width, width);
        var green = planes.Slice(plane + (y * width), width);
        var blue = planes.Slice((2 * plane) + (y * width), width);
        var alpha = planes.Slice((3 * plane) + (y * width), width);
        for (var i = 0; i < row.Length; i++)
        {
            // A network's values may lie a little outside; beyond the range they mean no more than its end.
            var pixel = new Vector4(red[i], green[i], blue[i], alpha[i]);
            row[i] = (Vector4.Clamp(pixel, -Vector4.One, Vector4.One) + Vector4.One) * 0.5f;
        }
    }
}
