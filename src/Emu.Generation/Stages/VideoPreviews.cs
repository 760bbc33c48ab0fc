using System.Runtime.CompilerServices;
using Emu.Media.Pictures;
using Emu.Media.Resizing;
using Emu.Media.Sheets;
using Emu.Pipeline.Jobs;

namespace Emu.Generation.Stages;

/// <summary>Makes a video's thumbnail and spritesheet from its frames, collected while the frames are encoded.</summary>
/// <param name="size">The frames' size.</param>
/// <param name="transparent">Whether the thumbnail keeps transparency.</param>
/// <param name="expected">How many frames there should be: those that a sheet of so many shows are kept.</param>
internal sealed class VideoPreviews(FrameSize size, bool transparent, int expected)
{
    private const int LongerSide = 128;

    private readonly HashSet<int> _shown = [.. Spritesheet.ChooseFrames(Math.Max(1, expected), new SpritesheetLayout().Columns * new SpritesheetLayout().Rows)];

    // Frames at a cell's size: 64 KiB each at most.
    private readonly List<Picture> _cells = [];
    private readonly int _width = Scaled(size.Width, size);
    private readonly int _height = Scaled(size.Height, size);
    private Picture? _first;

    /// <summary>How many frames were collected.</summary>
    public int FrameCount { get; private set; }

    /// <summary>Whether as many frames were collected as expected, so that the sheet shows them evenly.</summary>
    public bool IsComplete => FrameCount == expected;

    /// <summary>Passes the frames on and keeps what the previews need of them.</summary>
    public async IAsyncEnumerable<Picture> CollectAsync(IAsyncEnumerable<Picture> frames, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        _cells.Clear();
        FrameCount = 0;
        _first = null;
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            _first ??= frame;
            if (_shown.Contains(FrameCount))
            {
                _cells.Add(frame.Resized(_width, _height));
            }

            FrameCount++;
            yield return frame;
        }
    }

    /// <summary>The first frame, reduced in size.</summary>
    public Picture Thumbnail()
    {
        var first = _first!.Resized(size.Width, size.Height);
        return Emu.Media.Sheets.Thumbnail.Of(transparent ? first : first.Over(PictureColor.White));
    }

    /// <summary>Sixteen frames in one picture, on a white background.</summary>
    public Task<Picture> SheetAsync(CancellationToken cancellationToken) =>
        Spritesheet.CreateAsync(_cells.ToAsyncEnumerable(), _cells.Count, new SpritesheetLayout { CellWidth = _width, CellHeight = _height }, cancellationToken);

    private static int Scaled(int side, FrameSize size) => Math.Max(1, (int)Math.Round((double)side * LongerSide / Math.Max(size.Width, size.Height)));
}
