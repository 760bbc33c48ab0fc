using Emu.Diffusion.Tensors;
using Emu.Generation.Interpolation;

namespace Emu.Generation.Tests.Interpolation;

public class FrameInterpolatorsTests(StickerModel model) : IClassFixture<StickerModel>
{
    [Fact]
    public void For_AModelOfLoops_LeadsTheLastTicksBackToTheFirstFrame()
    {
        // Four key frames of one number each, at ticks 0, 2, 4, 6 of 8.
        var clip = new FloatTensor([4, 1, 1, 1], new float[] { 0, 10, 20, 30 });
        var frames = FrameInterpolators.For(model.Library.Get(StickerModel.Name)).Interpolate(clip, 8);
        Assert.Equal([0f, 5, 10, 15, 20, 25, 30, 15], frames.Data.ToArray());
    }

    [Fact]
    public void LatentFrameInterpolator_WithoutALoop_EndsAtTheLastFrame()
    {
        var clip = new FloatTensor([3, 1, 1, 1], new float[] { 0, 10, 20 });
        Assert.Equal([0f, 5, 10, 15, 20], new LatentFrameInterpolator(loops: false).Interpolate(clip, 5).Data.ToArray());
    }
}
