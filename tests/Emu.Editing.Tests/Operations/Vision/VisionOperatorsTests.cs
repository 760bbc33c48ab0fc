using System.Text.Json;
using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Editing.Operations.Vision;
using Emu.Editing.Plans;
using Emu.Media.Codecs;

namespace Emu.Editing.Tests.Operations.Vision;

public sealed class VisionOperatorsTests
{
    private static readonly EditMask Subject = TestPictures.Box(300, 200, 80, 50, 180, 150);

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public async Task Detect_Subject_IsBoxedAndNothingElseChanges(int bits)
    {
        var picture = TestPictures.Scene(300, 200, bits);

        var result = await new DetectOperator().ApplyAsync(new EditContext { Picture = picture, Subject = Subject }, new Detect(), default);

        Assert.Equal((80, 50, 100, 100), (result.Found!.X, result.Found.Y, result.Found.Width, result.Found.Height));
        Assert.Equal(0, TestPictures.DifferingOutside(picture, result));
        Assert.Equal((77, 47, 183, 153), TestPictures.DifferenceBox(picture, result.Picture));
        Assert.All(from y in Enumerable.Range(50, 100) from x in Enumerable.Range(80, 100) select (x, y), p => Assert.True(TestPictures.SamePixel(picture, result.Picture, p.x, p.y)));
    }

    [Fact]
    public async Task Detect_SubjectFillsThePicture_IsBoxedWithinIt()
    {
        var picture = TestPictures.Scene(100, 80);

        var result = await new DetectOperator().ApplyAsync(new EditContext { Picture = picture, Subject = TestPictures.Box(100, 80, 0, 0, 100, 80) }, new Detect(), default);

        Assert.Equal((0, 0, 100, 80), TestPictures.DifferenceBox(picture, result.Picture));
        Assert.True(TestPictures.SamePixel(picture, result.Picture, 50, 40));
    }

    [Fact]
    public async Task Segment_Subject_IsColoredAndTheGroundStays()
    {
        var picture = TestPictures.Scene(300, 200);

        var result = await new SegmentOperator().ApplyAsync(new EditContext { Picture = picture, Subject = Subject }, new Segment(), default);

        Assert.Equal(0, TestPictures.DifferingOutside(picture, result));
        Assert.Equal((255, 255, 255), (result.Picture.Sample(79, 100, 0), result.Picture.Sample(79, 100, 1), result.Picture.Sample(79, 100, 2)));
        // 55 % of (0.93, 0.11, 0.62) over the picture.
        Assert.Equal((0.45 * picture.Sample(120, 100, 0)) + (0.55 * 0.93 * 255), result.Picture.Sample(120, 100, 0), 1d);
        Assert.True(TestPictures.SamePixel(picture, result.Picture, 10, 10));
        Assert.Same(Subject, result.Found!.Mask);
    }

    [Fact]
    public async Task ToData_Found_HasTheBoxAndTheMaskAsPng()
    {
        var found = new FoundSubject(80, 50, 100, 100, Subject);

        var json = JsonDocument.Parse(JsonSerializer.Serialize(await found.ToDataAsync(default))).RootElement;

        Assert.Equal((80, 50, 100, 100), (json.GetProperty("x").GetInt32(), json.GetProperty("y").GetInt32(), json.GetProperty("width").GetInt32(), json.GetProperty("height").GetInt32()));
        Assert.Equal(0.1667, json.GetProperty("share").GetDouble());
        var url = json.GetProperty("mask").GetString()!;
        Assert.StartsWith("data:image/png;base64,", url, StringComparison.Ordinal);
        var mask = EditMasks.FromPicture(await new PictureReader().ReadAsync(Convert.FromBase64String(url[(url.IndexOf(',', StringComparison.Ordinal) + 1)..])));
        Assert.True(mask.Values.SequenceEqual(Subject.Values));
    }

    [Fact]
    public async Task Detect_NoSubject_IsSaid()
    {
        var context = new EditContext { Picture = TestPictures.Scene(64, 64), Subject = TestPictures.Box(64, 64, 0, 0, 0, 0) };

        var exception = await Assert.ThrowsAsync<EditException>(() => new DetectOperator().ApplyAsync(context, new Detect(), default));

        Assert.Contains("No subject was found", exception.Message, StringComparison.Ordinal);
    }
}
