using Emu.Media.Pictures;
using Emu.Media.Sheets;
using Emu.Media.Tests.Support;
using Emu.Media.Video;

namespace Emu.Media.Tests.Sheets;

public sealed class SpritesheetTests
{
    [Theory]
    [InlineData(64, 4, new[] { 0, 16, 32, 48 })]
    [InlineData(5, 3, new[] { 0, 1, 3 })]
    [InlineData(2, 16, new[] { 0, 1 })]
    public void ChooseFrames_AnyLength_IsEvenlySpacedFromTheFirst(int frames, int cells, int[] expected) =>
        Assert.Equal(expected, Spritesheet.ChooseFrames(frames, cells));

    [Fact]
    public async Task CreateAsync_SixteenOfSixtyFour_LieRowByRow()
    {
        var frames = Enumerable.Range(0, 64).Select(i => Picture.Filled(32, 32, new((byte)(i * 4), 0, 100)));

        var sheet = await Spritesheet.CreateAsync(frames.ToAsyncEnumerable(), 64, null, TestContext.Current.CancellationToken);

        Assert.Equal((512, 512), (sheet.Width, sheet.Height));
        for (var cell = 0; cell < 16; cell++)
        {
            Assert.Equal(new PictureColor((byte)(cell * 16), 0, 100), sheet[(cell % 4 * 128) + 64, (cell / 4 * 128) + 64]);
        }
    }

    [Fact]
    public async Task CreateAsync_FewFrames_LeavesRowsOut()
    {
        var layout = new SpritesheetLayout { Columns = 3, Rows = 3, CellWidth = 20, CellHeight = 10, Background = new(1, 2, 3) };

        var sheet = await Spritesheet.CreateAsync(Frames.Loop(16, 16, 4).ToAsyncEnumerable(), 4, layout, TestContext.Current.CancellationToken);

        Assert.Equal((60, 20), (sheet.Width, sheet.Height));
        Assert.Equal(new PictureColor(1, 2, 3), sheet[59, 19]);
        Assert.False(sheet.HasTransparency);
    }

    [Fact]
    public async Task CreateAsync_FewerFramesThanAnnounced_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<FrameSequenceException>(() => Spritesheet.CreateAsync(Frames.Loop(16, 16, 4).ToAsyncEnumerable(), 5));

        Assert.Equal("5 frames were announced for the sheet; 4 came.", exception.Message);
    }

    [Fact]
    public void ThumbnailOf_LargeFrame_KeepsShapeAndAlpha()
    {
        var thumbnail = Thumbnail.Of(Frames.Disc(1024, 512, 0, 1));

        Assert.Equal((320, 160), (thumbnail.Width, thumbnail.Height));
        Assert.Equal(0, thumbnail[0, 0].Alpha);
    }
}
