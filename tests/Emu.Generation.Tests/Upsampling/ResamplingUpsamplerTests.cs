using Emu.Diffusion.Tensors;
using Emu.Generation.Upsampling;

namespace Emu.Generation.Tests.Upsampling;

public class ResamplingUpsamplerTests
{
    private readonly ResamplingUpsampler _upsampler = new();

    [Theory]
    [InlineData(4, 4)]
    [InlineData(8, 8)]
    [InlineData(32, 8)]
    public void Upsample_OfOneColour_KeepsItAndIsNeverLargerThanDecoded(int size, int expected)
    {
        // Red at half opacity, premultiplied: red ½, alpha ½ of the range −1 to 1.
        var decoded = new FloatTensor([1, 4, 8, 8]);
        decoded.Span.Clear();
        decoded.Span[64..192].Fill(-1);
        var picture = _upsampler.Upsample(decoded, size, TestContext.Current.CancellationToken);
        Assert.Equal((expected, expected), (picture.Width, picture.Height));
        Assert.InRange(picture[1, 1].Red, 254, 255);
        Assert.InRange(picture[1, 1].Alpha, 127, 128);
        Assert.Equal(0, picture[1, 1].Blue);
    }

    [Fact]
    public void Upsample_WithoutAlpha_IsOpaque()
    {
        var picture = _upsampler.Upsample(new FloatTensor([1, 3, 4, 4]), 8, TestContext.Current.CancellationToken);
        Assert.False(picture.HasTransparency);
        Assert.InRange(picture[3, 3].Green, 127, 128);
    }
}
