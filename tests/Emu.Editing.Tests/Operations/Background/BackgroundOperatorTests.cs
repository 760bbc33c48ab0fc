using Emu.Editing.Operations;
using Emu.Editing.Plans;
using Emu.Media.Pictures;
using static Emu.Editing.Tests.RandomPictures;

namespace Emu.Editing.Tests.Operations.Background;

public sealed class BackgroundOperatorTests
{
    private static readonly PictureColor Red = new(220, 30, 30);
    private static readonly PictureColor Grey = new(120, 120, 120);
    private static readonly PictureColor Blue = new(10, 20, 230);

    [Fact]
    public async Task Solid_AtSoftEdges_ShowsNoFringeOfTheOldGround()
    {
        var mask = Disc(96, 96, 48, 48, 24, soft: 10);

        var outcome = await ApplyAsync(Mixed(mask, Red, new PictureColor(20, 240, 20)), mask, EditTarget.Ground, new SolidBackground(Blue));

        var expected = Mixed(mask, Red, Blue);
        for (var i = 0; i < expected.Bytes.Length; i++)
        {
            Assert.InRange(outcome.Picture.Bytes[i], expected.Bytes[i] - 6, expected.Bytes[i] + 6);
        }
    }

    [Fact]
    public async Task Transparent_AtSoftEdges_HasTheSubjectsColorAndTheMasksAlpha()
    {
        var mask = Disc(96, 96, 48, 48, 24, soft: 10);

        var outcome = await ApplyAsync(Mixed(mask, Red, new PictureColor(20, 240, 20)), mask, EditTarget.Ground, new TransparentBackground());

        for (var i = 0; i < mask.Values.Length; i++)
        {
            var pixel = outcome.Picture.Bytes.Slice(i * 4, 4);
            Assert.InRange(pixel[3], mask.Values[i] - 1, mask.Values[i] + 1);
            if (pixel[3] > 60)
            {
                Assert.InRange(pixel[0], 205, 235);
                Assert.InRange(pixel[1], 15, 60);
            }
        }
    }

    [Fact]
    public async Task Blur_BesideTheSubject_HasNoHaloOfItsColor()
    {
        var mask = Disc(200, 200, 100, 100, 40, soft: 2);

        var outcome = await ApplyAsync(Mixed(mask, Red, Grey), mask, EditTarget.Ground, new BlurBackground(1));

        for (var i = 0; i < mask.Values.Length; i++)
        {
            if (mask.Values[i] == 0)
            {
                Assert.InRange(outcome.Picture.Bytes[i * 4], 115, 125);
            }
        }
    }

    [Fact]
    public async Task Blur_OfAGroundWithDetail_IsSmooth()
    {
        var mask = Disc(200, 200, 100, 100, 20);
        var picture = Noise(200, 200, 8, 11);

        var outcome = await ApplyAsync(picture, mask, EditTarget.Ground, new BlurBackground(1));

        double Roughness(SourcePicture of) => Enumerable.Range(0, 199).Average(x => Math.Abs(of.RowBytes(20)[x * 4] - of.RowBytes(20)[(x + 1) * 4]));
        Assert.True(Roughness(outcome.Picture) < Roughness(picture) / 20);
    }

    [Fact]
    public async Task Gradient_FromLeftToRight_GoesFromColorToColor()
    {
        var mask = Disc(101, 60, 50, 30, 10);

        var outcome = await ApplyAsync(Mixed(mask, Red, Grey), mask, EditTarget.Ground, new GradientBackground(new PictureColor(0, 0, 0), new PictureColor(200, 100, 50), 0));

        for (var x = 0; x <= 100; x++)
        {
            Assert.InRange(outcome.Picture.RowBytes(2)[x * 4], (2 * x) - 1, (2 * x) + 1);
        }
    }

    [Fact]
    public async Task Picture_Behind_CoversTheFrame()
    {
        var mask = Disc(70, 50, 35, 25, 10);

        var outcome = await ApplyAsync(Mixed(mask, Red, Grey), mask, EditTarget.Ground, new PictureBackground());

        Assert.Equal([9, 90, 200, 255], outcome.Picture.Bytes[..4].ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Generated_FromASticker_ShowsIt(bool pattern)
    {
        var mask = Disc(120, 100, 60, 50, 10);

        var outcome = await ApplyAsync(Mixed(mask, Red, Grey), mask, EditTarget.Ground, new GeneratedBackground("a square", pattern));

        Assert.InRange(outcome.Picture.Bytes.ToArray().Chunk(4).Count(pixel => pixel is [< 20, > 180, < 20, 255]), 300, 11_000);
    }

    [Fact]
    public async Task Generated_WithoutAModel_SaysWhatToDo()
    {
        var mask = Disc(40, 40, 20, 20, 8);
        var engine = new EditEngine(new Finder(mask));

        await Assert.ThrowsAsync<EditException>(() => engine.ApplyAsync(Noise(40, 40, 8, 1), Plan(EditTarget.Ground, new GeneratedBackground("a tree", Pattern: true))));
    }
}
