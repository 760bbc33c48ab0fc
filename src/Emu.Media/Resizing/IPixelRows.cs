using System.Numerics;

namespace Emu.Media.Resizing;

/// <summary>Gives a picture row by row as premultiplied pixels (<see cref="PremultipliedPixels"/>).</summary>
internal interface IPixelRows
{
    /// <summary>Writes row <paramref name="y"/>.</summary>
    void Load(int y, Span<Vector4> row);
}
