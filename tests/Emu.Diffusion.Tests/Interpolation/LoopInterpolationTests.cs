using Emu.Diffusion.Interpolation;

namespace Emu.Diffusion.Tests.Interpolation;

public class LoopInterpolationTests
{
    [Theory]
    [InlineData(16, 64)]
    [InlineData(16, 40)]
    [InlineData(9, 31)]
    public void Interpolate_FewCyclesAroundTheLoop_IsExactAtEveryTick(int frames, int ticks)
    {
        var cycles = (frames - 1) / 2;
        var made = new float[2 * ticks];

        LoopInterpolation.Interpolate([.. Enumerable.Range(0, frames).SelectMany(frame => Values((double)frame / frames))], frames, made, ticks);

        for (var tick = 0; tick < ticks; tick++)
        {
            var expected = Values((double)tick / ticks);
            Assert.Equal(expected[0], made[2 * tick], 1e-5);
            Assert.Equal(expected[1], made[(2 * tick) + 1], 1e-5);
        }

        float[] Values(double part) => [(float)(0.3 + Math.Sin(2 * Math.PI * part)), (float)Math.Cos((2 * Math.PI * cycles * part) + 1)];
    }

    [Fact]
    public void Interpolate_FramesOnTicks_StayBitIdentical()
    {
        Random random = new(1);
        float[] frames = [.. Enumerable.Range(0, 16 * 3).Select(_ => random.NextSingle())];
        var made = new float[64 * 3];

        LoopInterpolation.Interpolate(frames, 16, made, 64);

        for (var frame = 0; frame < 16; frame++)
        {
            Assert.Equal(frames.AsSpan(frame * 3, 3).ToArray(), made.AsSpan(frame * 12, 3).ToArray());
        }
    }

    [Fact]
    public void Interpolate_SpansOfOtherLengths_AreRefused()
        => Assert.Throws<ArgumentException>(() => LoopInterpolation.Interpolate(new float[32], 16, new float[100], 64));
}
