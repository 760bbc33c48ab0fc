using Emu.Media.Pictures;
using Emu.Media.Resizing;
using Emu.Media.Tests.Support;

namespace Emu.Media.Tests.Resizing;

public sealed class PictureResizerTests
{
    public static TheoryData<ResizeFilter, string, int, int> Sizes
    {
        get
        {
            var data = new TheoryData<ResizeFilter, string, int, int>();
            foreach (var (filter, name) in new[] { (ResizeFilter.Area, "area"), (ResizeFilter.Bicubic, "bicubic"), (ResizeFilter.Lanczos3, "lanczos") })
            {
                foreach (var (width, height) in new[] { (16, 16), (13, 40), (96, 75) })
                {
                    data.Add(filter, name, width, height);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Resize_Golden_AgreesWithAnotherImplementation(ResizeFilter filter, string name, int width, int height)
    {
        var expected = await Goldens.ReadAsync($"{name}-{width}x{height}.png");

        var actual = (await Goldens.ReadAsync("source.png")).Resized(width, height, filter);

        Assert.InRange(Goldens.Difference(expected, actual, minimumAlpha: 8), 0, 1);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task ResizePremultipliedPlanes_Golden_AgreesWithAnotherImplementation(ResizeFilter filter, string name, int width, int height)
    {
        var expected = await Goldens.ReadAsync($"{name}-{width}x{height}.png");
        var source = await Goldens.ReadAsync("source.png");
        var planes = new float[4 * source.Width * source.Height];
        source.CopyToPremultipliedPlanes(planes);

        var actual = new PictureResizer(source.Width, source.Height, width, height, filter).ResizePremultipliedPlanes(planes);

        Assert.InRange(Goldens.Difference(expected, actual, minimumAlpha: 8), 0, 1);
    }

    [Fact]
    public async Task Resize_Best_IsAreaDownAndLanczosUp()
    {
        var source = await Goldens.ReadAsync("source.png");

        Assert.Equal(0, Goldens.Difference(source.Resized(16, 16, ResizeFilter.Area), source.Resized(16, 16)));
        Assert.Equal(0, Goldens.Difference(source.Resized(96, 75, ResizeFilter.Lanczos3), source.Resized(96, 75)));
        var down = source.Resized(13, 29, ResizeFilter.Area);
        Assert.Equal(0, Goldens.Difference(source.Resized(13, 29), down));
    }

    [Theory]
    [InlineData(ResizeFilter.Area)]
    [InlineData(ResizeFilter.Bicubic)]
    [InlineData(ResizeFilter.Lanczos3)]
    public void Resize_OneColour_StaysThatColour(ResizeFilter filter)
    {
        var color = new PictureColor(13, 177, 250, 101);
        foreach (var (width, height) in new[] { (1, 1), (5, 90), (40, 3), (64, 64) })
        {
            var resized = Picture.Filled(23, 31, color).Resized(width, height, filter);
            Assert.Equal(0, Goldens.Difference(Picture.Filled(width, height, color), resized));
        }
    }

    [Fact]
    public void Resize_HalfByArea_IsTheMeanOfFour()
    {
        var picture = Picture.FromSamples(2, 2, [10, 0, 0, 255, 20, 0, 0, 255, 30, 0, 0, 255, 44, 0, 0, 255]);

        Assert.Equal(new PictureColor(26, 0, 0), picture.Resized(1, 1, ResizeFilter.Area)[0, 0]);
    }

    [Fact]
    public void Resize_ColourUnderAlphaZero_DoesNotBleed()
    {
        // Green is hidden; red shows. Unpremultiplied averaging would give brown.
        var picture = Picture.FromSamples(2, 1, [255, 0, 0, 255, 0, 255, 0, 0]);

        Assert.Equal(new PictureColor(255, 0, 0, 128), picture.Resized(1, 1, ResizeFilter.Area)[0, 0]);
    }

    [Fact]
    public void Resize_LanczosAtAHardEdge_StaysInRange()
    {
        var picture = Picture.Create(8, 1, 0, static (samples, _) => samples[16..].Fill(255));

        var resized = picture.Resized(64, 4, ResizeFilter.Lanczos3);

        for (var x = 0; x < 64; x++)
        {
            var pixel = resized[x, 2];
            Assert.True(pixel.Alpha == 0 ? pixel == default : pixel is { Red: 255, Green: 255, Blue: 255 }, $"{x}: {pixel}");
        }
        Assert.Equal(0, resized[0, 0].Alpha);
        Assert.Equal(255, resized[63, 0].Alpha);
    }

    [Fact]
    public void ResizePremultipliedPlanes_SameSize_IsThePictureOfThePlanes()
    {
        var picture = Frames.Disc(20, 14, 1, 3);
        var planes = new float[4 * 20 * 14];
        picture.CopyToPremultipliedPlanes(planes);

        Assert.Equal(0, Goldens.Difference(picture, new PictureResizer(20, 14, 20, 14).ResizePremultipliedPlanes(planes)));
    }

    [Fact]
    public void Resize_PictureOfAnotherSize_IsRefused()
    {
        var resizer = new PictureResizer(4, 4, 8, 8);

        Assert.Contains("4x4 were announced; this one is 4x5", Assert.Throws<ArgumentException>(() => resizer.Resize(Picture.Filled(4, 5, default))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => resizer.ResizePremultipliedPlanes(new float[3 * 16]));
    }

    [Fact]
    public void Resize_FromManyThreads_GivesTheSame()
    {
        var resizer = new PictureResizer(64, 64, 200, 180);
        var frames = Frames.Loop(64, 64, 16).ToArray();
        var expected = frames.Select(resizer.Resize).ToArray();

        Parallel.For(0, 64, i => Assert.Equal(0, Goldens.Difference(expected[i % 16], resizer.Resize(frames[i % 16]))));
    }
}
