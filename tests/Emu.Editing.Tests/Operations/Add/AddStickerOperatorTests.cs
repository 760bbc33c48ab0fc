using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Editing.Operations.Add;
using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Tests.Operations.Add;

public sealed class AddStickerOperatorTests
{
    // A head of radius 60 at (200, 200) on a body.
    private static readonly EditMask Person = EditMask.CreateByRows(400, 500, (y, row) =>
    {
        for (var x = 0; x < 400; x++)
        {
            var isHead = ((x - 200) * (x - 200)) + ((y - 200) * (y - 200)) < 60 * 60;
            row[x] = isHead || (y > 250 && Math.Abs(x - 200) < 100) ? (byte)255 : (byte)0;
        }
    });

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public async Task Apply_Sticker_ChangesOnlyItAndItsShadow(int bits)
    {
        var picture = TestPictures.Scene(400, 500, bits);

        var result = await Add(picture, new AddSticker("a ball", Placement.TopLeft));

        Assert.Equal(bits, result.Picture.Bits);
        Assert.Equal(0, TestPictures.DifferingOutside(picture, result));
        var (left, top, right, bottom) = TestPictures.DifferenceBox(picture, result.Picture);
        Assert.True(left >= 0 && top >= 0 && right < 220 && bottom < 250);
    }

    [Fact]
    public async Task Apply_OnTopOfSubject_SitsOnTheHead()
    {
        var picture = TestPictures.Scene(400, 500);

        var result = await Add(picture, new AddSticker("a hat", Placement.OnTopOfSubject), Person);

        // The hat's red reaches from above the head's top (140) to below it, no further than the eyes (200), and is centred on it.
        var red = Reds(result.Picture);
        Assert.InRange(red.Min(p => p.Y), 25, 125);
        Assert.InRange(red.Max(p => p.Y), 145, 195);
        Assert.Equal(200, (red.Min(p => p.X) + red.Max(p => p.X)) / 2d, 4d);
        Assert.InRange(red.Max(p => p.X) - red.Min(p => p.X), 100, 150);
    }

    [Fact]
    public async Task Apply_HeadAtTheUpperEdge_IsStillSeenAndLeavesTheEyesFree()
    {
        var high = EditMask.CreateByRows(400, 500, (y, row) => Person.Row(Math.Min(499, y + 135)).CopyTo(row));

        var red = Reds((await Add(TestPictures.Scene(400, 500), new AddSticker("a hat", Placement.OnTopOfSubject), high)).Picture);

        Assert.True(red.Count > 1500);
        Assert.True(red.Max(p => p.Y) < 65);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    public async Task Apply_Size_IsAShareOfTheShorterSide(double size)
    {
        var red = Reds((await Add(TestPictures.Scene(400, 500), new AddSticker("a ball", Placement.Center, size))).Picture);

        Assert.InRange(red.Max(p => p.Y) - red.Min(p => p.Y) + 1, (size * 400) - 2, (size * 400) + 2);
    }

    [Theory]
    [InlineData(Placement.LeftOfSubject)]
    [InlineData(Placement.RightOfSubject)]
    public async Task Apply_BesideSubject_StandsOnItsGround(Placement place)
    {
        var subject = TestPictures.Box(400, 500, 150, 100, 250, 400);

        var red = Reds((await Add(TestPictures.Scene(400, 500), new AddSticker("a ball", place), subject)).Picture);

        Assert.InRange(red.Max(p => p.Y), 394, 402);
        Assert.True(place == Placement.LeftOfSubject ? red.Max(p => p.X) <= 150 : red.Min(p => p.X) >= 250);
    }

    [Fact]
    public async Task Apply_Standing_DarkensTheGroundAtItsFoot()
    {
        var picture = TestPictures.Make(400, 500, 8, (_, _) => (0.8f, 0.8f, 0.8f, 1f));

        var result = await Add(picture, new AddSticker("a ball", Placement.BottomRight));

        var red = Reds(result.Picture);
        var (foot, middle) = (red.Max(p => p.Y), (red.Min(p => p.X) + red.Max(p => p.X)) / 2);
        Assert.InRange(result.Picture.Sample(middle, foot + 3, 1), 80, 190);
        // The shadow fades out: no edge where the layer ends.
        var (left, top, right, bottom) = TestPictures.DifferenceBox(picture, result.Picture);
        Assert.All(Enumerable.Range(left, right - left), x => Assert.InRange(result.Picture.Sample(x, bottom - 1, 1), 195, 204));
        Assert.All(Enumerable.Range(top, bottom - top), y => Assert.InRange(result.Picture.Sample(left, y, 1), 195, 204));
    }

    [Fact]
    public async Task Apply_DarkAndWarmSurroundings_DarkenAndWarmTheSticker()
    {
        var white = new FakeMaker(Picture.Filled(40, 40, PictureColor.White));
        var dark = TestPictures.Make(200, 200, 8, (_, _) => (0.2f, 0.12f, 0.05f, 1f));
        var light = TestPictures.Make(200, 200, 8, (_, _) => (0.5f, 0.5f, 0.5f, 1f));

        var inDark = (await Add(dark, new AddSticker("a card", Placement.Center), null, white)).Picture;
        var inLight = (await Add(light, new AddSticker("a card", Placement.Center), null, white)).Picture;

        Assert.Equal(255, inLight.Sample(100, 100, 1));
        Assert.InRange(inDark.Sample(100, 100, 1), 150, 230);
        Assert.True(inDark.Sample(100, 100, 0) > inDark.Sample(100, 100, 2) + 10);
    }

    [Fact]
    public async Task Apply_NothingVisible_IsSaid()
    {
        var empty = new FakeMaker(Picture.Filled(40, 40, PictureColor.Transparent));

        var exception = await Assert.ThrowsAsync<EditException>(() => Add(TestPictures.Scene(64, 64), new AddSticker("air"), null, empty));

        Assert.Contains("air", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_NoModel_IsSaid()
    {
        var exception = await Assert.ThrowsAsync<EditException>(() => new AddStickerOperator().ApplyAsync(
            new EditContext { Picture = TestPictures.Scene(64, 64) }, new AddSticker("a cat"), default));

        Assert.Contains("sticker model", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_PromptAndSeed_ReachTheModel()
    {
        var maker = new FakeMaker(Ball());

        await new AddStickerOperator().ApplyAsync(new EditContext { Picture = TestPictures.Scene(64, 64), Stickers = maker, Seed = 77 }, new AddSticker("a red ball"), default);

        Assert.Equal([("a red ball", 77L)], maker.Asked);
    }

    private static Task<EditResult> Add(SourcePicture picture, AddSticker operation, EditMask? subject = null, IStickerMaker? maker = null) =>
        new AddStickerOperator().ApplyAsync(new EditContext { Picture = picture, Subject = subject, Stickers = maker ?? new FakeMaker(Ball()) }, operation, default);

    /// <summary>A red disc with a wide transparent border.</summary>
    private static Picture Ball() => Picture.Create(200, 200, 0, static (samples, _) =>
    {
        for (var i = 0; i < 200 * 200; i++)
        {
            var (dx, dy) = ((i % 200) - 110, (i / 200) - 90);
            if ((dx * dx) + (dy * dy) < 60 * 60)
            {
                (samples[i * 4], samples[(i * 4) + 3]) = (255, 255);
            }
        }
    });

    private static List<(int X, int Y)> Reds(SourcePicture picture) =>
        [.. from y in Enumerable.Range(0, picture.Height) from x in Enumerable.Range(0, picture.Width) where picture.Sample(x, y, 0) > 150 && picture.Sample(x, y, 1) < 25 && picture.Sample(x, y, 2) < 25 select (x, y)];

    private sealed class FakeMaker(Picture sticker) : IStickerMaker
    {
        public List<(string Prompt, long Seed)> Asked { get; } = [];

        public Task<Picture> MakeAsync(string prompt, long seed, CancellationToken cancellationToken)
        {
            Asked.Add((prompt, seed));
            return Task.FromResult(sticker);
        }
    }
}
