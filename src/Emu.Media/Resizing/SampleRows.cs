using System.Numerics;
using System.Runtime.CompilerServices;
using Emu.Media.Pictures;

namespace Emu.Media.Resizing;

/// <summary>Rows of a picture's samples.</summary>
internal readonly struct SampleRows(Picture picture) : IPixelRows
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(int y, Span<Vector4> row)
    {
        var samples = picture.Row(y);
        for (int i = 0, s = 0; i < row.Length; i++, s += Picture.Channels)
        {
            var alpha = samples[s + 3] / 255f;
            var scale = alpha / 255f;
            row[i] = new Vector4(samples[s] * scale, samples[s + 1] * scale, samples[s + 2] * scale, alpha);
        }
    }
}
