using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Tests.Pipelines;

public sealed class FrameCoringTests
{
    private const int Side = 5;

    [Theory]
    [InlineData(.02f, 0f)]      // of the range; the planes go from −1 to 1
    [InlineData(.1f, 0f)]
    [InlineData(.15f, .5f)]
    [InlineData(.2f, 1f)]
    [InlineData(.5f, 1f)]
    public void Apply_WholePictureThatDiffers_KeepsTheShareOfItsDifference(float difference, float share)
    {
        var first = Filled(-.5f);
        var frame = Filled(-.5f + (2 * difference));

        new FrameCoring(first, .1f, .2f).Apply(frame);

        Near.Equal(Filled(-.5f + (2 * difference * share)), frame, 1e-5f);
    }

    [Fact]
    public void Apply_OneChannelThatDiffers_TakesTheOthersAlong()
    {
        var frame = Filled(0);
        Plane(frame, 2).Fill(.6f);
        Plane(frame, 0).Fill(.1f);      // alone it would stand still

        new FrameCoring(Filled(0), .1f, .2f).Apply(frame);

        Assert.All(Plane(frame, 0).ToArray(), value => Assert.Equal(.1f, value, 1e-6f));
        Assert.All(Plane(frame, 2).ToArray(), value => Assert.Equal(.6f, value, 1e-6f));
    }

    [Fact]
    public void Apply_OnePixelThatDiffers_CountsAsTheMeanOfThoseAround()
    {
        // .9 among eight that do not differ is .1 in their mean: half way from .05 to .15, which are .025 and .075 of the range.
        var frame = Filled(0);
        Plane(frame, 1)[(2 * Side) + 2] = .9f;

        new FrameCoring(Filled(0), .025f, .075f).Apply(frame);

        Assert.Equal(.45f, Plane(frame, 1)[(2 * Side) + 2], 1e-5f);
        Assert.Equal(.45f, frame.Span.ToArray().Sum(), 1e-5f);
    }

    [Fact]
    public void Apply_PixelInACorner_CountsAsTheMeanOfTheFourThereAre()
    {
        var frame = Filled(0);
        Plane(frame, 1)[0] = .4f;

        new FrameCoring(Filled(0), .025f, .075f).Apply(frame);

        Assert.Equal(.2f, Plane(frame, 1)[0], 1e-5f);
    }

    [Fact]
    public void Apply_BeyondTheRange_ComparesWhatIsSeen()
    {
        // Both are nothing at all, however far below it the decoder went.
        var frame = Filled(-1.9f);

        new FrameCoring(Filled(-1.02f), .1f, .2f).Apply(frame);

        Near.Equal(Filled(-1), frame, 0);
    }

    [Fact]
    public void Apply_TheFirstFrame_LeavesItBitForBit()
    {
        float[] values = [.1f, -.73f, .2f, 1f, -1f, .37f];
        FloatTensor first = new([1, 1, 2, 3], values);

        new FrameCoring(first, .1f, .2f).Apply(first);

        Assert.Equal([.1f, -.73f, .2f, 1f, -1f, .37f], first.Span.ToArray());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(4, 1)]
    [InlineData(2, 2)]
    public void Apply_PictureOfAFewPixels_MeansThoseThereAre(int height, int width)
    {
        FloatTensor first = new([1, 4, height, width]);
        FloatTensor frame = new(first.Shape);
        frame.Span.Fill(.2f);

        new FrameCoring(first, .05f, .15f).Apply(frame);

        Assert.All(frame.Span.ToArray(), value => Assert.Equal(.1f, value, 1e-5f));
    }

    [Theory]
    [InlineData(-.1f, .2f)]
    [InlineData(.2f, .2f)]
    [InlineData(.3f, .2f)]
    public void Create_BoundsOutOfOrder_AreRefused(float lowerBound, float upperBound)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new FrameCoring(Filled(0), lowerBound, upperBound));

    [Fact]
    public void Apply_FrameOfAnotherSize_SaysWhatIsExpected()
    {
        var error = Assert.Throws<ArgumentException>(() => new FrameCoring(Filled(0), .1f, .2f).Apply(new FloatTensor([1, 4, 2, 2])));

        Assert.Contains("[1, 4, 5, 5]", error.Message, StringComparison.Ordinal);
    }

    private static FloatTensor Filled(float value)
    {
        FloatTensor frame = new([1, 4, Side, Side]);
        frame.Span.Fill(value);
        return frame;
    }

    private static Span<float> Plane(FloatTensor frame, int channel) => frame.Span.Slice(channel * Side * Side, Side * Side);
}
