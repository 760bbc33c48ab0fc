using Emu.Generation.Motion;

namespace Emu.Generation.Tests.Motion;

public class CameraTests
{
    public static TheoryData<string> Names => [.. Camera.All.Select(camera => camera.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void At_AnyMoment_ShowsNoBorder(string name)
    {
        foreach (var (width, height) in new[] { (640, 480), (300, 900), (256, 256) })
        {
            for (var moment = 0; moment < 97; moment++)
            {
                var map = Camera.Find(name)!.At(moment / 97.0, width, height);
                foreach (var (x, y) in new[] { (0, 0), (width, 0), (0, height), (width, height) })
                {
                    var (pictureX, pictureY) = map.Map(x, y);
                    Assert.InRange(pictureX, -1e-6, width + 1e-6);
                    Assert.InRange(pictureY, -1e-6, height + 1e-6);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Path_AroundTheLoop_EndsWhereItBegan(string name)
    {
        var camera = Camera.Find(name)!;
        Assert.Equal(camera.Path(0).X, camera.Path(2 * Math.PI).X, 1e-9);
        Assert.Equal(camera.Path(0).Zoom, camera.Path(2 * Math.PI).Zoom, 1e-9);
        Assert.Contains(Enumerable.Range(0, 16), part => camera.Path(part * 0.4) != camera.Path(0));
    }

    [Fact]
    public void At_BeginningOfAZoom_IsTheWholePicture() => Assert.Equal((100.0, 20.0), Camera.Find("zoom")!.At(0, 640, 480).Map(100, 20));

    [Theory]
    [InlineData("a castle, zooming in", "zoom", "a castle")]
    [InlineData("a panning shot of a castle", "pan", "a castle")]
    [InlineData("a castle while the camera shakes", "shake", "a castle")]
    [InlineData("a frying pan", null, "a frying pan")]
    [InlineData("a milk shake", null, "a milk shake")]
    public void Read_Prompt_FindsTheCameraAndLeavesThePicture(string prompt, string? camera, string picture)
    {
        var read = MotionReader.Read(prompt);
        Assert.Equal(camera, read.Camera?.Name);
        Assert.Equal(picture, read.Picture);
    }
}
