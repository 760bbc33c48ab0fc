using Emu.Media.Pictures;

namespace Emu.Media.Sheets;

/// <summary>How frames are laid out in one picture: row by row, evenly spaced in time.</summary>
public sealed record SpritesheetLayout
{
    private readonly int _columns = 4;
    private readonly int _rows = 4;
    private readonly int _cellWidth = 128;
    private readonly int _cellHeight = 128;

    /// <summary>Cells in a row, 1 to 64; 4 by default.</summary>
    public int Columns
    {
        get => _columns;
        init => _columns = Check(value, 64, nameof(Columns));
    }

    /// <summary>Rows, 1 to 64; 4 by default. A shorter video leaves the last rows out.</summary>
    public int Rows
    {
        get => _rows;
        init => _rows = Check(value, 64, nameof(Rows));
    }

    /// <summary>Width of a cell in pixels, 1 to 1,024; 128 by default.</summary>
    public int CellWidth
    {
        get => _cellWidth;
        init => _cellWidth = Check(value, 1024, nameof(CellWidth));
    }

    /// <summary>Height of a cell in pixels, 1 to 1,024; 128 by default.</summary>
    public int CellHeight
    {
        get => _cellHeight;
        init => _cellHeight = Check(value, 1024, nameof(CellHeight));
    }

    /// <summary>The ground of the cells; white by default.</summary>
    public PictureColor Background { get; init; } = PictureColor.White;

    private static int Check(int value, int maximum, string name) => value >= 1 && value <= maximum
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 1 to {maximum}.");
}
