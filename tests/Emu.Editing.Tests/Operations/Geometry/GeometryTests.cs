using System.Globalization;
using Emu.Editing.Operations;
using Emu.Editing.Plans;
using Emu.Media.Pictures;
using static Emu.Editing.Tests.RandomPictures;

namespace Emu.Editing.Tests.Operations.Geometry;

public sealed class GeometryTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public async Task Rotate_ByFourQuarters_IsThePictureItself(int bits)
    {
        var picture = Noise(31, 20, bits, 1, opaque: false);

        var outcome = await ApplyAsync(picture, null, EditTarget.Everything, new Rotate(90), new Rotate(-270), new Rotate(450), new Rotate(90));

        Assert.Equal(picture.Bytes.ToArray(), outcome.Picture.Bytes.ToArray());
        Assert.Equal(1, outcome.KeptShare);
    }

    [Fact]
    public async Task Rotate_ByAQuarter_TakesTheTopLeftToTheTopRight()
    {
        var picture = Noise(31, 20, 8, 2);

        var outcome = await ApplyAsync(picture, null, EditTarget.Everything, new Rotate(90));

        Assert.Equal((20, 31), (outcome.Picture.Width, outcome.Picture.Height));
        Assert.Equal(picture.Bytes[..4].ToArray(), outcome.Picture.Bytes.Slice(19 * 4, 4).ToArray());
    }

    [Fact]
    public async Task Flip_Twice_IsThePictureItself()
    {
        var picture = Noise(31, 20, 16, 3);

        var outcome = await ApplyAsync(picture, null, EditTarget.Everything, new Flip(), new Flip(false), new Flip(), new Flip(false));

        Assert.Equal(picture.Bytes.ToArray(), outcome.Picture.Bytes.ToArray());
    }

    [Theory]
    [InlineData(4.0)]
    [InlineData(-7.5)]
    public async Task Straighten_OfATiltedGrid_LevelsIt(double degrees)
    {
        var picture = Grid(360, 280, degrees);

        var outcome = await ApplyAsync(picture, null, EditTarget.Everything, new Straighten());

        var warning = Assert.Single(outcome.Warnings);
        var turned = double.Parse(warning.Split(' ')[5], CultureInfo.InvariantCulture);
        Assert.InRange(turned, -degrees - 0.4, -degrees + 0.4);
        Assert.True(outcome.Picture.Width < 360 && outcome.Picture.Height < 280);
        Assert.DoesNotContain(outcome.Picture.Bytes.ToArray().Chunk(4), pixel => pixel[3] != 255);
    }

    [Fact]
    public async Task Straighten_WithoutLines_ChangesNothingAndSaysSo()
    {
        var picture = SourcePicture.From(Picture.Filled(100, 80, new PictureColor(90, 120, 30)));

        var outcome = await ApplyAsync(picture, null, EditTarget.Everything, new Straighten());

        Assert.Equal(1, outcome.KeptShare);
        Assert.Single(outcome.Warnings);
    }

    [Theory]
    [InlineData("left", 0, 0, 30, 40)]
    [InlineData("bottom", 0, 20, 60, 20)]
    public async Task Crop_ToASide_CopiesThatHalf(string side, int left, int top, int width, int height)
    {
        var picture = Noise(60, 40, 16, 4);

        var outcome = await ApplyAsync(picture, null, EditTarget.Everything, new Crop(Side: side));

        Assert.Equal((width, height), (outcome.Picture.Width, outcome.Picture.Height));
        Assert.Equal(picture.RowBytes(top + 3).Slice(left * 8, width * 8).ToArray(), outcome.Picture.RowBytes(3).ToArray());
    }

    [Fact]
    public async Task Crop_ToTheSubjectAsASquare_IsASquareAroundIt()
    {
        var outcome = await ApplyAsync(Noise(90, 60, 8, 5), Disc(90, 60, 30, 30, 12), EditTarget.Subject, new Crop(ToSubject: true, Aspect: 1));

        Assert.Equal(outcome.Picture.Width, outcome.Picture.Height);
        Assert.InRange(outcome.Picture.Width, 24, 36);
        Assert.Equal(outcome.Picture.Width, outcome.Subject!.Width);
    }

    [Fact]
    public async Task Apply_CropToASubjectThatFillsThePicture_SaysThatNothingWasCutOff()
    {
        var outcome = await ApplyAsync(Noise(60, 60, 8, 5), Disc(60, 60, 30, 30, 29), EditTarget.Subject, new Crop(ToSubject: true));

        Assert.Equal((60, 60), (outcome.Picture.Width, outcome.Picture.Height));
        Assert.Equal(["Nothing was cut off: what is to be kept fills the picture."], outcome.Warnings);
    }

    [Fact]
    public async Task Crop_ToAnUnknownSide_NamesThoseThereAre() =>
        Assert.Contains("left, right, top, bottom, center", (await Assert.ThrowsAsync<EditException>(() => ApplyAsync(Noise(40, 40, 8, 6), null, EditTarget.Everything, new Crop(Side: "middle")))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Move_OfTheSubject_CopiesItsSamplesAndFillsItsPlace()
    {
        var mask = Disc(120, 80, 35, 40, 12, soft: 1);
        var picture = Mixed(mask, new PictureColor(200, 20, 20), new PictureColor(60, 90, 120));

        var outcome = await ApplyAsync(picture, mask, EditTarget.Subject, new MoveSubject(0.5, 0));

        Assert.Equal([200, 20, 20, 255], outcome.Picture.Bytes.Slice(((40 * 120) + 95) * 4, 4).ToArray());
        Assert.Equal([60, 90, 120, 255], outcome.Picture.Bytes.Slice(((40 * 120) + 35) * 4, 4).ToArray());
        Assert.Equal(255, outcome.Subject!.Row(40)[95]);
    }

    [Fact]
    public async Task Scale_OfTheSubject_StaysOnItsFoot()
    {
        var mask = Disc(120, 100, 60, 60, 20, soft: 1);

        var outcome = await ApplyAsync(Mixed(mask, new PictureColor(200, 20, 20), new PictureColor(60, 90, 120)), mask, EditTarget.Subject, new ScaleSubject(0.5));

        Assert.Equal([200, 20, 20, 255], outcome.Picture.Bytes.Slice(((72 * 120) + 60) * 4, 4).ToArray());
        Assert.Equal([60, 90, 120, 255], outcome.Picture.Bytes.Slice(((50 * 120) + 60) * 4, 4).ToArray());
    }

    [Fact]
    public async Task Move_OutOfThePicture_IsRefused() =>
        await Assert.ThrowsAsync<EditException>(() => ApplyAsync(Noise(60, 60, 8, 7), Disc(60, 60, 30, 30, 8), EditTarget.Subject, new MoveSubject(1, 0)));

    /// <summary>Bars along both directions, turned clockwise.</summary>
    private static SourcePicture Grid(int width, int height, double degrees)
    {
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        return SourcePicture.CreateByRows(width, height, 8, SourceMetadata.None, (y, row) =>
        {
            for (var x = 0; x < width; x++)
            {
                var (along, across) = ((x * cosine) + (y * sine), (y * cosine) - (x * sine));
                var bar = Math.Max(Soft(along), Soft(across));
                row.Slice(x * 4, 3).Fill((byte)(40 + (180 * bar)));
                row[(x * 4) + 3] = 255;
            }
        });

        static double Soft(double place) => Math.Clamp(8 - Math.Abs((((place % 48) + 48) % 48) - 24), 0, 1);
    }
}
