using Emu.Editing.Operations;
using Emu.Editing.Operations.Global;
using Emu.Editing.Plans;

namespace Emu.Editing.Tests.Operations.Global;

public sealed class GlobalOperatorsTests
{
    [Theory]
    // The matrix of CSS's sepia(1), worked out by hand.
    [InlineData(100, 150, 200, 192, 171, 134)]
    [InlineData(0, 0, 0, 0, 0, 0)]
    [InlineData(255, 255, 255, 255, 255, 239)]
    [InlineData(255, 0, 0, 100, 89, 69)]
    public async Task Sepia_EightBits_IsTheMatrix(int red, int green, int blue, int sepiaRed, int sepiaGreen, int sepiaBlue)
    {
        var picture = TestPictures.Make(20, 20, 8, (_, _) => (red / 255f, green / 255f, blue / 255f, 0.4f));

        var result = await new SepiaOperator().ApplyAsync(new EditContext { Picture = picture }, new Sepia(), default);

        Assert.Equal((sepiaRed, sepiaGreen, sepiaBlue, 102), (result.Picture.Sample(7, 9, 0), result.Picture.Sample(7, 9, 1), result.Picture.Sample(7, 9, 2), result.Picture.Sample(7, 9, 3)));
        Assert.Null(result.Changed);
    }

    [Fact]
    public async Task Sepia_SixteenBits_KeepsTheDepth()
    {
        var picture = TestPictures.Make(1000, 16, 16, (x, _) => (x / 1000f, x / 1000f, x / 1000f, 1f));

        var result = await new SepiaOperator().ApplyAsync(new EditContext { Picture = picture }, new Sepia(), default);

        Assert.Equal(16, result.Picture.Bits);
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(x => result.Picture.Sample(x, 3, 2)).Distinct().Count());
        var before = picture.Sample(400, 0, 0);
        Assert.InRange(result.Picture.Sample(400, 0, 2), (int)(before * 0.937) - 1, (int)(before * 0.937) + 1);
    }

    [Fact]
    public async Task Sepia_Region_LeavesTheRest()
    {
        var picture = TestPictures.Scene(60, 40);
        var region = TestPictures.Box(60, 40, 10, 10, 30, 30);

        var result = await new SepiaOperator().ApplyAsync(new EditContext { Picture = picture, Region = region }, new Sepia(), default);

        Assert.Equal(0, TestPictures.DifferingOutside(picture, result));
        Assert.False(TestPictures.SamePixel(picture, result.Picture, 15, 15));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(16)]
    public async Task Posterize_Levels_LeavesThatManyEvenlySpread(int levels)
    {
        var picture = TestPictures.Make(512, 16, 16, (x, _) => (x / 511f, 1 - (x / 511f), 0.5f, 1f));

        var result = await new PosterizeOperator().ApplyAsync(new EditContext { Picture = picture }, new Posterize(levels), default);

        var found = Enumerable.Range(0, 512).Select(x => result.Picture.Sample(x, 0, 0)).Distinct().Order().ToArray();
        Assert.Equal(Enumerable.Range(0, levels).Select(i => (int)Math.Round(i * 65_535d / (levels - 1))), found);
    }

    [Fact]
    public async Task Posterize_OneLevel_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<EditException>(() => new PosterizeOperator().ApplyAsync(new EditContext { Picture = TestPictures.Scene(20, 20) }, new Posterize(1), default));

        Assert.Contains("2 to 16", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vignette_White_IsClearInTheMiddleAndDarkInTheCornersAlike()
    {
        var picture = TestPictures.Make(301, 201, 16, (_, _) => (1f, 1f, 1f, 1f));

        var dark = (await new VignetteOperator().ApplyAsync(new EditContext { Picture = picture }, new Vignette(0.8), default)).Picture;

        Assert.Equal(65_535, dark.Sample(150, 100, 0));
        Assert.InRange(dark.Sample(0, 0, 1), (int)(0.2 * 65_535), (int)(0.21 * 65_535));
        Assert.Equal(dark.Sample(0, 0, 0), dark.Sample(300, 200, 0));
        Assert.Equal(dark.Sample(300, 0, 0), dark.Sample(0, 200, 0));
        var diagonal = Enumerable.Range(0, 151).Select(i => dark.Sample(150 - i, 100 - (i * 100 / 150), 0)).ToArray();
        Assert.Equal(diagonal.OrderDescending(), diagonal);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public async Task Vignette_AmountOutOfRange_IsRefused(double amount) =>
        await Assert.ThrowsAsync<EditException>(() => new VignetteOperator().ApplyAsync(new EditContext { Picture = TestPictures.Scene(20, 20) }, new Vignette(amount), default));
}
