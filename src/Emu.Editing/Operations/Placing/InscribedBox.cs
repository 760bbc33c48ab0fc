using Emu.Editing.Masks;

namespace Emu.Editing.Operations.Placing;

/// <summary>Finds room within a mask.</summary>
internal sealed class InscribedBox
{
    // Looked for on a grid of this many cells on the longer side, with sums over rectangles (Crow 1984).
    private const int Cells = 160;
    private const double Covered = 0.97;

    private readonly int[] _sums;
    private readonly int _columns;
    private readonly int _rows;
    private readonly double _cell;
    private readonly double _centerX;
    private readonly double _centerY;

    /// <summary>Prepares a mask.</summary>
    public InscribedBox(EditMask mask)
    {
        _cell = Math.Max(1, Math.Max(mask.Width, mask.Height) / (double)Cells);
        _columns = Math.Max(1, (int)(mask.Width / _cell));
        _rows = Math.Max(1, (int)(mask.Height / _cell));
        _sums = new int[(_columns + 1) * (_rows + 1)];
        var (weight, right, down) = (1e-9, 0d, 0d);
        for (var y = 0; y < _rows; y++)
        {
            var row = mask.Row(Math.Min(mask.Height - 1, (int)((y + 0.5) * _cell)));
            for (var x = 0; x < _columns; x++)
            {
                int value = row[Math.Min(mask.Width - 1, (int)((x + 0.5) * _cell))];
                _sums[At(x + 1, y + 1)] = value + _sums[At(x, y + 1)] + _sums[At(x + 1, y)] - _sums[At(x, y)];
                (weight, right, down) = (weight + value, right + (value * (x + 0.5)), down + (value * (y + 0.5)));
            }
        }
        (_centerX, _centerY) = (right / weight, down / weight);
    }

    /// <summary>The largest box of a shape that lies in the mask; among several of a size, the one nearest to the mask's middle. Null if there is none of a few pixels.</summary>
    /// <param name="aspect">Width by height.</param>
    public Box? Find(double aspect)
    {
        var (low, high) = (0d, Math.Min(_rows, _columns / aspect));
        Box? best = null;
        for (var step = 0; step < 8; step++)
        {
            var height = best is null && step == 7 ? low : (low + high) / 2;
            if (Nearest(height * aspect, height) is { } found)
            {
                (low, best) = (height, found);
            }
            else
            {
                high = height;
            }
        }
        return best;
    }

    private Box? Nearest(double width, double height)
    {
        var (w, h) = ((int)Math.Ceiling(width), (int)Math.Ceiling(height));
        if (w < 1 || h < 1 || w > _columns || h > _rows)
        {
            return null;
        }
        (double Distance, int X, int Y)? best = null;
        for (var y = 0; y + h <= _rows; y++)
        {
            for (var x = 0; x + w <= _columns; x++)
            {
                var sum = _sums[At(x + w, y + h)] - _sums[At(x, y + h)] - _sums[At(x + w, y)] + _sums[At(x, y)];
                var (dx, dy) = (x + (w / 2d) - _centerX, y + (h / 2d) - _centerY);
                var distance = (dx * dx) + (dy * dy);
                if (sum >= Covered * 255 * w * h && (best is null || distance < best.Value.Distance))
                {
                    best = (distance, x, y);
                }
            }
        }
        return best is { } cell ? new Box(cell.X * _cell, cell.Y * _cell, width * _cell, height * _cell) : null;
    }

    private int At(int x, int y) => (y * (_columns + 1)) + x;
}
