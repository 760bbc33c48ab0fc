using Emu.Diffusion.Interpolation;

namespace Emu.Diffusion.Tests.Interpolation;

public sealed class LatentInterpolationTests
{
    [Fact]
    public void Interpolate_LoopOfSixteenToSixtyFour_MixesEveryTickAroundTheLoop()
    {
        float[] keys = [.. Enumerable.Range(0, 16).Select(key => MathF.Sin(key * 1.7f))];
        var ticks = new float[64];

        LatentInterpolation.Interpolate(keys, 16, ticks, 64, loops: true);

        for (var tick = 0; tick < 64; tick++)
        {
            var (key, quarter) = (tick / 4, tick % 4 / 4f);
            Assert.Equal(((1 - quarter) * keys[key]) + (quarter * keys[(key + 1) % 16]), ticks[tick], 1e-6f);
        }
    }

    [Fact]
    public void Interpolate_Loop_KeepsKeyFramesBitForBit()
    {
        float[] keys = [.. Enumerable.Range(0, 32).Select(i => 0.1f * i)];
        var ticks = new float[128];

        LatentInterpolation.Interpolate(keys, 16, ticks, 64, loops: true);

        for (var key = 0; key < 16; key++)
        {
            Assert.Equal(keys[(key * 2)..((key * 2) + 2)], ticks[(key * 8)..((key * 8) + 2)]);
        }
    }

    [Fact]
    public void Interpolate_Open_BeginsAndEndsAtFirstAndLast()
    {
        var ticks = new float[7];

        LatentInterpolation.Interpolate([1, 3, -5], 3, ticks, 7, loops: false);

        Assert.Equal([1, 1.6666666f, 2.3333333f, 3, 0.33333325f, -2.3333335f, -5], ticks, (a, b) => Math.Abs(a - b) < 1e-6f);
        Assert.Equal(-5, ticks[6]);
    }

    [Fact]
    public void Interpolate_TicksThatAreNoMultiple_StandEvenlyAroundTheLoop()
    {
        var ticks = new float[5];

        LatentInterpolation.Interpolate([0, 10], 2, ticks, 5, loops: true);

        Assert.Equal([0, 4, 8, 8, 4], ticks, (a, b) => Math.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Interpolate_ChannelsBeforeFrames_GivesSameFrames()
    {
        const int Channels = 3, Keys = 4, Ticks = 8, Plane = 2;
        float[] byChannel = [.. Enumerable.Range(0, Channels * Keys * Plane).Select(i => MathF.Cos(i))];
        var byFrame = new float[byChannel.Length];
        Swap(byChannel, byFrame, Channels, Keys);
        float[] fromChannels = new float[Channels * Ticks * Plane], fromFrames = new float[fromChannels.Length], swapped = new float[fromChannels.Length];

        LatentInterpolation.Interpolate(byChannel, Keys, fromChannels, Ticks, loops: true, sequences: Channels);
        LatentInterpolation.Interpolate(byFrame, Keys, fromFrames, Ticks, loops: true);

        Swap(fromChannels, swapped, Channels, Ticks);
        Assert.Equal(fromFrames, swapped);

        static void Swap(float[] source, float[] destination, int outer, int inner)
        {
            for (var first = 0; first < outer; first++)
            {
                for (var second = 0; second < inner; second++)
                {
                    source.AsSpan(((first * inner) + second) * Plane, Plane).CopyTo(destination.AsSpan(((second * outer) + first) * Plane));
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Interpolate_AsManyTicksAsKeyFrames_IsACopy(bool loops)
    {
        float[] keys = [1, 2, 4], ticks = new float[3];

        LatentInterpolation.Interpolate(keys, 3, ticks, 3, loops);

        Assert.Equal(keys, ticks);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Interpolate_OneKeyFrame_HoldsIt(bool loops)
    {
        var ticks = new float[4];

        LatentInterpolation.Interpolate([2.5f], 1, ticks, 4, loops);

        Assert.All(ticks, value => Assert.Equal(2.5f, value, 1e-6f));
    }

    [Fact]
    public void Interpolate_LengthsThatDoNotFit_Throws()
    {
        Assert.Throws<ArgumentException>(() => LatentInterpolation.Interpolate(new float[5], 2, new float[8], 4, loops: true));
        Assert.Throws<ArgumentException>(() => LatentInterpolation.Interpolate(new float[4], 2, new float[7], 4, loops: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => LatentInterpolation.Interpolate(new float[4], 4, new float[3], 3, loops: true));
    }
}
