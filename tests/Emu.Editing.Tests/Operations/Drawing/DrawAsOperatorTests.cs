using Emu.Editing.Operations;
using Emu.Editing.Operations.Drawing;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Tests.Operations.Drawing;

public sealed class DrawAsOperatorTests
{
    public static TheoryData<DrawingStyle> Styles => [.. Enum.GetValues<DrawingStyle>()];

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task Apply_SixteenBits_KeepsSizeDepthAndOpacity(DrawingStyle style)
    {
        var scene = TestPictures.Scene(90, 70, 16);
        var picture = TestPictures.Make(90, 70, 16, (x, y) => (scene.Sample(x, y, 0) / 65_535f, scene.Sample(x, y, 1) / 65_535f, scene.Sample(x, y, 2) / 65_535f, x / 90f));

        var result = await Draw(picture, style);

        Assert.Equal((90, 70, 16), (result.Picture.Width, result.Picture.Height, result.Picture.Bits));
        Assert.Null(result.Changed);
        Assert.All(Enumerable.Range(0, 90), x => Assert.Equal(picture.Sample(x, 33, 3), result.Picture.Sample(x, 33, 3)));
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task Apply_SameSeed_DrawsTheSame(DrawingStyle style)
    {
        var picture = TestPictures.Scene(120, 90);

        var first = await Draw(picture, style);
        var second = await Draw(picture, style);

        Assert.True(first.Picture.Bytes.SequenceEqual(second.Picture.Bytes));
        Assert.False(first.Picture.Bytes.SequenceEqual(picture.Bytes));
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task Apply_TwoSizes_LookAlike(DrawingStyle style)
    {
        var small = (await Draw(TestPictures.Scene(400, 360), style)).Picture;
        var large = (await Draw(TestPictures.Scene(800, 720), style)).Picture;

        // Means of squares of 1/10 of the picture: what is drawn where does not depend on the size.
        foreach (var (column, row) in from r in Enumerable.Range(0, 10) from c in Enumerable.Range(0, 10) select (c, r))
        {
            Assert.Equal(Mean(small, column * 40, row * 36, 40, 36), Mean(large, column * 80, row * 72, 80, 72), 0.09);
        }
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(16, 200)]
    [InlineData(333, 17)]
    public async Task Apply_SmallestAndNarrowPictures_AreDrawn(int width, int height)
    {
        foreach (var style in Enum.GetValues<DrawingStyle>())
        {
            var result = await Draw(TestPictures.Scene(width, height), style);
            Assert.Equal((width, height), (result.Picture.Width, result.Picture.Height));
        }
    }

    [Fact]
    public async Task Apply_Region_LeavesTheRest()
    {
        var picture = TestPictures.Scene(120, 90);

        var result = await new DrawAsOperator().ApplyAsync(
            new EditContext { Picture = picture, Region = TestPictures.Box(120, 90, 30, 20, 90, 60) }, new DrawAs(DrawingStyle.Comic), default);

        Assert.Equal(0, TestPictures.DifferingOutside(picture, result));
        var (left, top, right, bottom) = TestPictures.DifferenceBox(picture, result.Picture);
        Assert.True(left >= 30 && top >= 20 && right <= 90 && bottom <= 60 && right - left > 40);
    }

    [Fact]
    public async Task Apply_PixelArt_HasSquaresOfFewColors()
    {
        var picture = (await Draw(TestPictures.Scene(448, 336), DrawingStyle.PixelArt)).Picture;

        // 336 / 112 = 3 pixels a side.
        var colors = new HashSet<(int, int, int)>();
        for (var y = 0; y < 336; y++)
        {
            for (var x = 0; x < 448; x++)
            {
                Assert.True(picture.Sample(x, y, 0) == picture.Sample(x / 3 * 3, y / 3 * 3, 0));
                colors.Add((picture.Sample(x, y, 0), picture.Sample(x, y, 1), picture.Sample(x, y, 2)));
            }
        }
        Assert.InRange(colors.Count, 8, 36);
    }

    [Fact]
    public async Task Apply_Sketch_IsNearlyGreyAndLighterThanThePicture()
    {
        var picture = TestPictures.Scene(300, 300);

        var sketch = (await Draw(picture, DrawingStyle.Sketch)).Picture;

        Assert.All(Enumerable.Range(0, 300), x => Assert.InRange(sketch.Sample(x, 120, 0) - sketch.Sample(x, 120, 2), 0, 9));
        Assert.True(Mean(sketch, 0, 0, 300, 300) > Mean(picture, 0, 0, 300, 300));
    }

    [Fact]
    public async Task Apply_Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new DrawAsOperator().ApplyAsync(
            new EditContext { Picture = TestPictures.Scene(200, 200) }, new DrawAs(DrawingStyle.Oil), source.Token));
    }

    private static Task<EditResult> Draw(SourcePicture picture, DrawingStyle style) =>
        new DrawAsOperator().ApplyAsync(new EditContext { Picture = picture, Seed = 3 }, new DrawAs(style), default);

    private static double Mean(SourcePicture picture, int left, int top, int width, int height) =>
        (from y in Enumerable.Range(top, height) from x in Enumerable.Range(left, width) select picture.Sample(x, y, 1) / (double)picture.Maximum).Average();
}
