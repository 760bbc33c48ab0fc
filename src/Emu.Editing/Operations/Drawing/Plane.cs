using System.Runtime.CompilerServices;

namespace Emu.Editing.Operations.Drawing;

/// <summary>One channel of a picture as numbers: <c>[height, width]</c>. Filters write into planes of their own.</summary>
internal sealed class Plane(int width, int height)
{
    /// <summary>Width in pixels.</summary>
    public int Width { get; } = width;

    /// <summary>Height in pixels.</summary>
    public int Height { get; } = height;

    /// <summary>The values, <c>[height, width]</c>.</summary>
    public float[] Values { get; } = new float[checked(width * height)];

    /// <summary>One row.</summary>
    public Span<float> Row(int y) => Values.AsSpan(y * Width, Width);

    /// <summary>The value at a pixel; beyond the border, the border's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float At(int x, int y) => Values[(Math.Clamp(y, 0, Height - 1) * Width) + Math.Clamp(x, 0, Width - 1)];

    /// <summary>The value between pixels (bilinear); (0, 0) is the first pixel's centre. Beyond the border, the border's.</summary>
    public float Sample(float x, float y)
    {
        var cx = Math.Clamp(x, 0f, Width - 1f);
        var cy = Math.Clamp(y, 0f, Height - 1f);
        var left = (int)cx;
        var top = (int)cy;
        var right = Math.Min(left + 1, Width - 1);
        var bottom = Math.Min(top + 1, Height - 1);
        var fx = cx - left;
        var fy = cy - top;
        var above = Values[(top * Width) + left] + (fx * (Values[(top * Width) + right] - Values[(top * Width) + left]));
        var below = Values[(bottom * Width) + left] + (fx * (Values[(bottom * Width) + right] - Values[(bottom * Width) + left]));
        return above + (fy * (below - above));
    }

    /// <summary>Runs rows on all cores.</summary>
    public static void ForRows(int height, Action<int> row, CancellationToken cancellationToken) =>
        Parallel.For(0, height, new ParallelOptions { CancellationToken = cancellationToken }, row);

    /// <summary>A plane of the same size, each value made of this plane's.</summary>
    public Plane Map(Func<float, float> value, CancellationToken cancellationToken)
    {
        var result = new Plane(Width, Height);
        ForRows(Height, y =>
        {
            var from = Row(y);
            var to = result.Row(y);
            for (var x = 0; x < to.Length; x++)
            {
                to[x] = value(from[x]);
            }
        }, cancellationToken);
        return result;
    }
}
