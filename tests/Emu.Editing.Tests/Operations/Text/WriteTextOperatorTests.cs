using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Editing.Operations.Text;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Tests.Operations.Text;

public sealed class WriteTextOperatorTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public async Task Apply_Words_ChangesOnlyWhatTheyCover(int bits)
    {
        var picture = TestPictures.Scene(400, 300, bits);

        var result = await Write(picture, new WriteText("Aloha! 🎉"));

        Assert.Equal(bits, result.Picture.Bits);
        Assert.Equal(0, TestPictures.DifferingOutside(picture, result));
        Assert.InRange(Share(result.Changed!), 0.02, 0.35);
        Assert.True(Count(result.Picture, (r, g, b) => r == 1 && g == 1 && b == 1) > 200);
    }

    [Theory]
    [InlineData(Placement.TopLeft, 0, 0)]
    [InlineData(Placement.TopRight, 1, 0)]
    [InlineData(Placement.BottomLeft, 0, 1)]
    [InlineData(Placement.BottomRight, 1, 1)]
    [InlineData(Placement.Top, 0.5, 0)]
    [InlineData(Placement.Bottom, 0.5, 1)]
    [InlineData(Placement.Center, 0.5, 0.5)]
    [InlineData(Placement.Left, 0, 0.5)]
    [InlineData(Placement.Right, 1, 0.5)]
    public async Task Apply_Place_IsThere(Placement place, double right, double down)
    {
        var picture = TestPictures.Scene(400, 300);

        var (left, top, rightEdge, bottom) = TestPictures.DifferenceBox(picture, (await Write(picture, new WriteText("Hi", place, null, 0.1))).Picture);

        Assert.InRange((left + rightEdge) / 2d / 400, right switch { 0 => 0, 1 => 0.75, _ => 0.47 }, right switch { 0 => 0.25, 1 => 1, _ => 0.53 });
        Assert.InRange((top + bottom) / 2d / 300, down switch { 0 => 0, 1 => 0.75, _ => 0.44 }, down switch { 0 => 0.25, 1 => 1, _ => 0.56 });
    }

    [Fact]
    public async Task Apply_Size_IsTheCapitalsHeight()
    {
        var picture = TestPictures.Make(600, 500, 8, (_, _) => (0f, 0f, 0f, 1f));

        var result = await Write(picture, new WriteText("HHH", Placement.Center, new PictureColor(0, 255, 0), 0.2));

        var rows = Enumerable.Range(0, 500).Where(y => Enumerable.Range(0, 600).Any(x => result.Picture.Sample(x, y, 1) > 200 && result.Picture.Sample(x, y, 0) < 60)).ToArray();
        Assert.InRange(rows.Max() - rows.Min() + 1, 98, 102);
    }

    [Fact]
    public async Task Apply_LargeBelowASubjectAtTheLowerEdge_StaysInThePicture()
    {
        var picture = TestPictures.Make(451, 300, 8, (_, _) => (0f, 0f, 0f, 1f));
        var subject = TestPictures.Box(451, 300, 60, 20, 400, 300);

        var result = await new WriteTextOperator().ApplyAsync(
            new EditContext { Picture = picture, Subject = subject }, new WriteText("HHH", Placement.BelowSubject, new PictureColor(0, 255, 0), 0.25), default);

        var rows = Enumerable.Range(0, 300).Where(y => Enumerable.Range(0, 451).Any(x => result.Picture.Sample(x, y, 1) > 200 && result.Picture.Sample(x, y, 0) < 60)).ToArray();
        Assert.InRange(rows.Max() - rows.Min() + 1, 72, 78);
        Assert.InRange(rows.Max(), 200, 297);
    }

    [Fact]
    public async Task Apply_OnSubject_StaysWithinIt()
    {
        var picture = TestPictures.Scene(400, 400);
        var subject = EditMask.CreateByRows(400, 400, (y, row) =>
        {
            for (var x = 0; x < 400; x++)
            {
                row[x] = ((x - 130) * (x - 130)) + ((y - 260) * (y - 260)) < 110 * 110 ? (byte)255 : (byte)0;
            }
        });

        var result = await new WriteTextOperator().ApplyAsync(
            new EditContext { Picture = picture, Subject = subject }, new WriteText("Best friends for ever", Placement.OnSubject), default);

        var white = (from y in Enumerable.Range(0, 400)
                     from x in Enumerable.Range(0, 400)
                     where result.Picture.Sample(x, y, 0) > 250 && result.Picture.Sample(x, y, 1) > 250 && result.Picture.Sample(x, y, 2) > 250
                     select subject.Row(y)[x]).ToArray();
        Assert.True(white.Length > 800);
        Assert.True(white.Count(value => value == 255) > 0.98 * white.Length);
    }

    [Theory]
    [InlineData(Placement.AboveSubject)]
    [InlineData(Placement.BelowSubject)]
    [InlineData(Placement.LeftOfSubject)]
    [InlineData(Placement.RightOfSubject)]
    public async Task Apply_BySubject_LeavesItFree(Placement place)
    {
        var picture = TestPictures.Scene(400, 400);
        var subject = TestPictures.Box(400, 400, 150, 150, 250, 250);

        var result = await new WriteTextOperator().ApplyAsync(new EditContext { Picture = picture, Subject = subject }, new WriteText("Hello", place), default);

        // The letters; their shadow is soft and may reach over.
        var white = (from y in Enumerable.Range(0, 400)
                     from x in Enumerable.Range(0, 400)
                     where result.Picture.Sample(x, y, 0) > 250 && result.Picture.Sample(x, y, 1) > 250 && result.Picture.Sample(x, y, 2) > 250
                     select (x, y)).ToArray();
        Assert.True(white.Length > 100);
        Assert.All(white, p => Assert.True(place switch
        {
            Placement.AboveSubject => p.y < 150,
            Placement.BelowSubject => p.y >= 250,
            Placement.LeftOfSubject => p.x < 150,
            _ => p.x >= 250,
        }));
    }

    [Fact]
    public async Task Apply_PaintedRegion_ShowsThereOnly()
    {
        var picture = TestPictures.Scene(400, 400);
        var ground = TestPictures.Box(400, 400, 100, 100, 300, 300).Invert();

        var result = await new WriteTextOperator().ApplyAsync(
            new EditContext { Picture = picture, Region = ground, Subject = ground.Invert() }, new WriteText("BEHIND", Placement.Center), default);

        Assert.All(from y in Enumerable.Range(100, 200) from x in Enumerable.Range(100, 200) select (x, y), p => Assert.True(TestPictures.SamePixel(picture, result.Picture, p.x, p.y)));
        Assert.False(result.Changed!.IsEmpty);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0f)]
    public async Task Apply_DefaultLook_StandsOutFromWhiteAndBlack(float ground)
    {
        var picture = TestPictures.Make(300, 200, 8, (_, _) => (ground, ground, ground, 1f));

        var result = await Write(picture, new WriteText("Read me"));

        // Letters are white and their outline is dark: one of both stands out from any ground.
        Assert.True(Count(result.Picture, (r, g, b) => r > 0.98 && g > 0.98 && b > 0.98) > 300);
        Assert.True(Count(result.Picture, (r, g, b) => r < 0.2 && g < 0.2 && b < 0.2) > 300);
    }

    [Fact]
    public async Task Apply_TransparentPicture_GetsOpaqueLetters()
    {
        var picture = TestPictures.Make(300, 200, 8, (_, _) => (0f, 0f, 0f, 0f));

        var result = await Write(picture, new WriteText("Hi"));

        Assert.Contains(Enumerable.Range(0, 300 * 200), i => result.Picture.Sample(i % 300, i / 300, 3) == 255 && result.Picture.Sample(i % 300, i / 300, 0) == 255);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    public async Task Apply_NoWords_IsRefused(string words) => await Assert.ThrowsAsync<EditException>(() => Write(TestPictures.Scene(64, 64), new WriteText(words)));

    [Fact]
    public async Task Apply_SmallestPicture_IsWrittenOn()
    {
        var picture = TestPictures.Scene(16, 16);

        var result = await Write(picture, new WriteText("A long sentence of many words that has no room here"));

        Assert.False(result.Changed!.IsEmpty);
    }

    private static Task<EditResult> Write(SourcePicture picture, WriteText operation) => new WriteTextOperator().ApplyAsync(new EditContext { Picture = picture }, operation, default);

    private static double Share(EditMask mask) => mask.Values.ToArray().Count(value => value > 0) / (double)mask.Values.Length;

    private static int Count(SourcePicture picture, Func<float, float, float, bool> which)
    {
        var (count, row) = (0, new float[picture.Width * 4]);
        for (var y = 0; y < picture.Height; y++)
        {
            picture.ReadRow(y, row);
            for (var x = 0; x < picture.Width; x++)
            {
                count += which(row[x * 4], row[(x * 4) + 1], row[(x * 4) + 2]) ? 1 : 0;
            }
        }
        return count;
    }
}
