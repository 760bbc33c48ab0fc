using Emu.Diffusion.ChannelLayouts;
using Emu.Diffusion.Interpolation;

namespace Emu.Diffusion.Tests.Interpolation;

public sealed class InterpolationPlanTests
{
    private static readonly InterpolationPlan EmuVideo = InterpolationPlan.Create(16, loops: false);
    private static readonly InterpolationPlan Loop = InterpolationPlan.Create(16, loops: true);

    [Fact]
    public void Create_SixteenFrames_MakesTwoHalvesOfThirtySeven()
    {
        Assert.Equal([37, 37], EmuVideo.Segments.Select(segment => segment.FrameCount));
        Assert.Equal([-4, 28], EmuVideo.Segments.Select(segment => segment.FirstTick));
        Assert.Equal(Enumerable.Range(0, 8), EmuVideo.Segments[0].KeyFrames);
        Assert.Equal(Enumerable.Range(8, 8), EmuVideo.Segments[1].KeyFrames);
        Assert.All(EmuVideo.Segments, segment => Assert.Equal([4, 8, 12, 16, 20, 24, 28, 32], segment.KnownFrames));
    }

    [Fact]
    public void Source_EveryTickOfSixteenFrames_ComesFromNearestKnownFrame()
    {
        Assert.Equal(65, EmuVideo.TickCount);
        for (var tick = 0; tick <= 64; tick++)
        {
            // The halves meet between key frames 7 (tick 28) and 8 (tick 32); tick 30 is as near to both and follows the first.
            var expected = tick <= 30 ? (0, tick + 4) : (1, tick - 28);

            Assert.Equal(expected, EmuVideo.Source(tick));
        }
    }

    [Fact]
    public void Source_EveryTickOfLoop_ClosesAtItsEnd()
    {
        Assert.Equal(64, Loop.TickCount);
        for (var tick = 0; tick < 64; tick++)
        {
            // Behind key frame 15 (tick 60) comes key frame 0: tick 63 is what stands one before it, at −1.
            var expected = tick switch
            {
                <= 30 => (0, tick + 4),
                <= 62 => (1, tick - 28),
                _ => (0, 3),
            };

            Assert.Equal(expected, Loop.Source(tick));
        }
    }

    [Theory]
    [InlineData(16, false, 65)]
    [InlineData(16, true, 64)]
    [InlineData(8, false, 33)]
    [InlineData(8, true, 32)]
    [InlineData(14, false, 57)]
    [InlineData(14, true, 56)]
    [InlineData(25, false, 101)]
    public void Source_AnyClip_KeepsEveryKeyFrameAndStepsByOneTick(int frames, bool loops, int ticks)
    {
        var plan = InterpolationPlan.Create(frames, loops);

        Assert.Equal(ticks, plan.TickCount);
        for (var tick = 0; tick < ticks; tick++)
        {
            var (index, frame) = plan.Source(tick);
            var segment = plan.Segments[index];
            Assert.Equal(tick, (segment.FirstTick + frame + ticks) % ticks);
            if (tick % 4 == 0 && tick / 4 < frames)
            {
                Assert.Equal(tick / 4, segment.KeyFrames[segment.KnownFrames.ToList().IndexOf(frame)]);
            }
            else
            {
                Assert.DoesNotContain(frame, segment.KnownFrames);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Join_FramesThatNameTheirTick_GivesTicksInOrder(bool loops)
    {
        var plan = InterpolationPlan.Create(16, loops);
        ReadOnlyMemory<float>[] runs = [.. plan.Segments.Select(segment => (ReadOnlyMemory<float>)Enumerable.Range(0, segment.FrameCount)
            .SelectMany(frame => new float[] { (segment.FirstTick + frame + 64) % 64, 0.5f }).ToArray())];
        float[] clip = [.. Enumerable.Range(0, 16).SelectMany(frame => new float[] { frame * 4, 0.5f })];
        var video = new float[plan.TickCount * 2];

        plan.Join(runs, clip, video);

        for (var tick = 0; tick < plan.TickCount; tick++)
        {
            Assert.Equal([tick % 64, 0.5f], video[(tick * 2)..((tick * 2) + 2)]);
        }
    }

    [Fact]
    public void Join_TicksOfTheClip_AreItsFrames()
    {
        var video = new float[65];

        EmuVideo.Join([Enumerable.Repeat(-1f, 37).ToArray(), Enumerable.Repeat(-1f, 37).ToArray()], [.. Enumerable.Range(0, 16)], video);

        Assert.Equal(Enumerable.Range(0, 65).Select(tick => tick % 4 == 0 && tick < 64 ? tick / 4 : -1f), video);
        Assert.Throws<ArgumentException>(() => EmuVideo.Join([new float[37], new float[37]], new float[15], new float[65]));
    }

    [Fact]
    public void Join_RunOfAnotherLength_Throws() => Assert.Throws<ArgumentException>(
        () => EmuVideo.Join([new float[37], new float[36]], new float[16], new float[65]));

    [Theory]
    [InlineData("BCFHW")]
    [InlineData("BFCHW")]
    public void WriteConditions_EightKeyFrames_AreZeroInterleavedWithMask(string axes)
    {
        const int Channels = 2, Plane = 2;
        var plan = new InputPlan(ChannelLayout.Parse(["noise", "image", "mask"], axes, "zero", Channels), 37, 1, Plane);
        float[] clip = [.. Enumerable.Range(0, 16 * Channels * Plane).Select(i => i + 1f)];
        float[] input = [.. Enumerable.Repeat(-1f, plan.InputLength)];

        EmuVideo.Segments[1].WriteConditions(plan, clip, input);

        for (var frame = 0; frame < 37; frame++)
        {
            var known = frame >= 4 && frame <= 32 && frame % 4 == 0;
            var key = 8 + (frame / 4) - 1;
            for (var channel = 0; channel < Channels; channel++)
            {
                Assert.All(input[At(plan, channel, frame)], value => Assert.Equal(-1, value));
                Assert.Equal(
                    known ? clip[(((key * Channels) + channel) * Plane)..(((key * Channels) + channel + 1) * Plane)] : new float[Plane],
                    input[At(plan, Channels + channel, frame)]);
            }

            Assert.All(input[At(plan, 2 * Channels, frame)], value => Assert.Equal(known ? 1 : 0, value));
        }

        static Range At(InputPlan plan, int channel, int frame) => plan.InputOffset(channel, frame)..(plan.InputOffset(channel, frame) + Plane);
    }

    [Fact]
    public void WriteConditions_InputOfAnotherLength_Throws()
    {
        var layout = ChannelLayout.Parse(["noise", "image", "mask"], "BCFHW", "zero", 1);
        var plan = new InputPlan(layout, 37, 1, 1);
        var other = new InputPlan(layout, 36, 1, 1);

        Assert.Throws<ArgumentException>(() => EmuVideo.Segments[0].WriteConditions(other, new float[16], new float[other.InputLength]));
        Assert.Throws<ArgumentException>(() => EmuVideo.Segments[1].WriteConditions(plan, new float[15], new float[plan.InputLength]));
    }

    [Fact]
    public void Create_FewerFramesThanASegment_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => InterpolationPlan.Create(7, loops: true));
}
