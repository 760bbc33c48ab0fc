using Emu.Media.Pictures;
using Emu.Media.Resizing;
using Emu.Media.Video;

namespace Emu.Media.Sheets;

/// <summary>Some of a video's frames in one picture.</summary>
public static class Spritesheet
{
    /// <summary>Which frames a sheet shows: evenly spaced, beginning with the first, in order.</summary>
    /// <param name="frameCount">Frames of the video.</param>
    /// <param name="cells">Cells of the sheet.</param>
    public static IReadOnlyList<int> ChooseFrames(int frameCount, int cells)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 1);
        var count = Math.Min(frameCount, cells);
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)i * frameCount / count))];
    }

    /// <summary>Makes a sheet. Frames are fitted whole into their cells; those not shown are passed over.</summary>
    /// <param name="frames">The video's frames, all of one size; read once, in order.</param>
    /// <param name="frameCount">How many frames there are.</param>
    /// <param name="layout">The layout; 4 × 4 cells of 128 × 128 by default.</param>
    /// <param name="cancellationToken">Stops reading frames.</param>
    /// <exception cref="FrameSequenceException">Fewer frames came than announced.</exception>
    public static async Task<Picture> CreateAsync(
        IAsyncEnumerable<Picture> frames, int frameCount, SpritesheetLayout? layout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(frames);
        layout ??= new SpritesheetLayout();
        var chosen = ChooseFrames(frameCount, layout.Columns * layout.Rows);
        var rows = (chosen.Count + layout.Columns - 1) / layout.Columns;
        var width = layout.Columns * layout.CellWidth;
        var samples = Ground(width, rows * layout.CellHeight, layout.Background);
        var (index, cell) = (0, 0);
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            if (cell < chosen.Count && index == chosen[cell])
            {
                var (row, column) = Math.DivRem(cell++, layout.Columns);
                var fitted = frame.Contain(layout.CellWidth, layout.CellHeight, layout.Background);
                for (var y = 0; y < fitted.Height; y++)
                {
                    fitted.Row(y).CopyTo(samples.AsSpan(((((row * layout.CellHeight) + y) * width) + (column * layout.CellWidth)) * Picture.Channels));
                }
            }
            index++;
        }
        return index >= frameCount
            ? Picture.Adopt(width, rows * layout.CellHeight, samples)
            : throw new FrameSequenceException($"{frameCount} frames were announced for the sheet; {index} came.");
    }

    private static byte[] Ground(int width, int height, PictureColor color) => Picture.Filled(width, height, color).Samples.ToArray();
}

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

/// <summary>A small still that stands for a video.</summary>
public static class Thumbnail
{
    /// <summary>Makes a frame small; its shape and transparency are kept, and it is never enlarged.</summary>
    /// <param name="frame">The frame, usually the first: the keyframe.</param>
    /// <param name="maximumSide">The longer side at most, in pixels; 320 by default.</param>
    public static Picture Of(Picture frame, int maximumSide = 320) => frame.Within(maximumSide, maximumSide);
}
