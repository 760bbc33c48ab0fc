using Emu.Diffusion.Noise;

namespace Emu.Diffusion.Tests.Noise;

public sealed class PhiloxNoiseTests
{
    [Fact]
    public void Fill_KeyframeOfSeedSeven_GivesKnownAnswer() => Assert.Equal(
        [-0.30129632f, 2.0751326f, -0.45505175f, 0.31437531f, -0.50190300f, 1.3131754f, 0.43946043f, 1.1369457f],
        Draw(8, 7, NoiseStage.Keyframe, 0, 0));

    [Fact]
    public void Fill_SeedBeyondThirtyTwoBits_GivesKnownAnswer() => Assert.Equal(
        [0.31177270f, 0.91479969f, 0.26645440f, -0.19944663f, -0.35016358f, -0.036392782f, 0.90673262f, 1.0570000f],
        Draw(8, (1UL << 40) + 5, NoiseStage.Clip, 3, 12));

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    public void Fill_LengthNotOfWholeBlocks_GivesPrefixOfLongerFill(int length) =>
        Assert.Equal(Draw(8, 1, NoiseStage.Edit, 2, 1)[..length], Draw(length, 1, NoiseStage.Edit, 2, 1));

    [Fact]
    public void Fill_OtherSeedStageSampleOrDraw_GivesOtherNumbers()
    {
        float[][] draws =
        [
            Draw(4, 7, NoiseStage.Clip, 1, 1),
            Draw(4, 8, NoiseStage.Clip, 1, 1),
            Draw(4, 7, NoiseStage.Edit, 1, 1),
            Draw(4, 7, NoiseStage.Clip, 2, 1),
            Draw(4, 7, NoiseStage.Clip, 1, 2),
        ];

        Assert.Equal(draws.Length * 4, draws.SelectMany(draw => draw).Distinct().Count());
    }

    [Fact]
    public void Fill_ManyElements_HasMomentsOfUnitNormal()
    {
        var draw = Draw(1 << 18, 3, NoiseStage.Clip, 0, 0).Select(value => (double)value).ToArray();

        // Four standard errors of each moment at 2^18 draws.
        Assert.Equal(0, draw.Average(), 0.008);
        Assert.Equal(1, draw.Average(value => value * value), 0.011);
        Assert.Equal(3, draw.Average(value => Math.Pow(value, 4)), 0.08);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(65536, 0)]
    [InlineData(0, -1)]
    public void Fill_SampleOrDrawBeyondCounter_Throws(int sample, int draw) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Draw(4, 1, NoiseStage.Clip, sample, draw));

    [Fact]
    public void Fill_UndefinedStage_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Draw(4, 1, (NoiseStage)0, 0, 0));

    private static float[] Draw(int length, ulong seed, NoiseStage stage, int sample, int draw)
    {
        var values = new float[length];
        PhiloxNoise.Fill(values, seed, stage, sample, draw);
        return values;
    }
}
