using Emu.Diffusion.ModelPackages;
using Emu.Generation.Images;
using Emu.Media.Pictures;

namespace Emu.Generation.Tests.Images;

public class InputLayersTests
{
    private static readonly ModelDescription Model = new() { Name = "t", NativeSize = 32, LatentChannels = 4, Alpha = PictureAlpha.Premultiplied };
    private static readonly PictureColor Green = new(30, 160, 50);

    [Fact]
    public void Of_HalfTransparentForTransparentOutput_IsOpaqueInItsOwnColour()
    {
        var layers = InputLayers.Of(Picture.Filled(16, 16, Green with { Alpha = 128 }), Model, transparent: true);

        Assert.Equal(Green, layers.Solid[8, 8]);
        Assert.Null(layers.Soft);
    }

    [Fact]
    public void Of_HalfTransparentForOutputOnWhite_LooksAsOnWhite()
    {
        var layers = InputLayers.Of(Picture.Filled(16, 16, Green with { Alpha = 128 }), Model, transparent: false);

        Assert.Equal(new PictureColor(142, 207, 152), layers.Solid[8, 8]);
        Assert.Null(layers.Soft);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_ObjectWithASoftShadow_KeepsTheShadowBelowEveryFrame(bool transparent)
    {
        // From left to right: an opaque object, a shadow that fades from 100, nothing.
        var picture = Row(32, x => x < 12 ? Green : new PictureColor(0, 0, 0, (byte)Math.Max(0, 100 - ((x - 12) * 8))));

        var layers = InputLayers.Of(picture, Model, transparent);
        var frame = layers.Complete(layers.Solid);

        Assert.Equal(Green, layers.Solid[4, 8]);
        Assert.Equal(default, layers.Solid[16, 8]);
        Assert.True(picture.Samples.SequenceEqual(frame.Samples));
    }

    [Fact]
    public void Of_FaintPicture_IsStillAnObject()
    {
        var layers = InputLayers.Of(Picture.Filled(16, 16, Green with { Alpha = 60 }), Model, transparent: true);

        Assert.Equal(Green, layers.Solid[8, 8]);
    }

    [Fact]
    public void Of_SoftEdgeOfASticker_StaysAsItIs()
    {
        var picture = Row(32, x => x < 14 ? Green : x == 14 ? Green with { Alpha = 180 } : x == 15 ? Green with { Alpha = 60 } : default);

        var layers = InputLayers.Of(picture, Model, transparent: true);

        Assert.Same(picture, layers.Solid);
        Assert.Null(layers.Soft);
    }

    [Fact]
    public void Of_LargePictureWithASoftEdge_StaysAsItIs()
    {
        // Sixteen times the model's size: an edge of sixteen pixels is one of the model's.
        var picture = Row(512, x => x < 250 ? Green : x < 266 ? Green with { Alpha = (byte)(255 - ((x - 249) * 15)) } : default);

        Assert.Same(picture, InputLayers.Of(picture, Model, transparent: true).Solid);
    }

    [Fact]
    public void Of_ModelWithoutAlpha_IsTheWholePicture()
    {
        var picture = Picture.Filled(16, 16, Green with { Alpha = 128 });

        Assert.Same(picture, InputLayers.Of(picture, Model with { Alpha = PictureAlpha.None }, transparent: false).Solid);
    }

    [Fact]
    public void Complete_FrameOfAnotherSize_HasTheShadowAtItsPlace()
    {
        var picture = Row(32, x => x < 12 ? Green : x < 28 ? new PictureColor(0, 0, 0, 80) : default);
        var layers = InputLayers.Of(picture, Model, transparent: true);

        var frame = layers.Complete(Picture.Filled(64, 64, default));

        Assert.Equal(new PictureColor(0, 0, 0, 80), frame[40, 32]);
        Assert.Equal(0, frame[4, 32].Alpha);
    }

    /// <summary>A square picture of equal rows.</summary>
    private static Picture Row(int side, Func<int, PictureColor> color) => Picture.Create(side, side, (side, color), static (samples, state) =>
    {
        for (var i = 0; i < samples.Length; i += Picture.Channels)
        {
            var pixel = state.color(i / Picture.Channels % state.side);
            (samples[i], samples[i + 1], samples[i + 2], samples[i + 3]) = (pixel.Red, pixel.Green, pixel.Blue, pixel.Alpha);
        }
    });
}
