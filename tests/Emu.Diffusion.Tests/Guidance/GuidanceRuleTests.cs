using Emu.Diffusion.ChannelLayouts;
using Emu.Diffusion.Guidance;

namespace Emu.Diffusion.Tests.Guidance;

public sealed class GuidanceRuleTests
{
    private static readonly GuidanceCondition Full = new(Text: true, Image: true);
    private static readonly GuidanceCondition Image = new(Text: false, Image: true);
    private static readonly GuidanceCondition Text = new(Text: true, Image: false);
    private static readonly GuidanceCondition None = new(Text: false, Image: false);

    private static readonly float[] TextAndImage = [1, -2, 3, 0.5f, 2, -1];
    private static readonly float[] ImageOnly = [0.5f, 1, -1, 2, 0, 4];
    private static readonly float[] Nothing = [-1, 0.25f, 2, 1, -3, 0.125f];

    [Theory]
    [InlineData(7.5f, 2.0f)] // Emu Video
    [InlineData(7.5f, 1.5f)] // InstructPix2Pix
    [InlineData(5.0f, 1.5f)] // Emu Edit
    [InlineData(0.0f, 3.0f)]
    public void Combine_TextAndImage_IsEquationOneOfEmuVideo(float text, float image)
    {
        var rule = Create(new GuidanceScales { Text = text, Image = image }, hasText: true, hasImage: true);

        var guided = Combine(rule, Outputs(rule));

        for (var i = 0; i < guided.Length; i++)
        {
            var expected = Nothing[i] + (image * (ImageOnly[i] - Nothing[i])) + (text * (TextAndImage[i] - ImageOnly[i]));
            Assert.Equal(expected, guided[i], 1e-5f);
        }
    }

    [Fact]
    public void Conditions_TextAndImage_StandInBatchOrderOfInstructPix2Pix() => Assert.Equal(
        [Full, Image, None], Create(new GuidanceScales { Text = 7.5f, Image = 1.5f }, hasText: true, hasImage: true).Conditions);

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Conditions_BothScalesOne_IsOnePlainEvaluationOfWhatIsThere(bool hasText, bool hasImage)
    {
        var rule = Create(new GuidanceScales(), hasText, hasImage);

        Assert.Equal([new GuidanceCondition(hasText, hasImage)], rule.Conditions);
        Assert.True(rule.IsPlain);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Conditions_BothScalesZero_IsUnconditional(bool hasText, bool hasImage)
    {
        var rule = Create(new GuidanceScales { Text = 0, Image = 0 }, hasText, hasImage);

        Assert.Equal([None], rule.Conditions);
        Assert.True(rule.IsPlain);
    }

    [Theory]
    [InlineData(2.25f)]
    [InlineData(1.3f)]
    [InlineData(7.5f)]
    public void Combine_TextWithoutImage_IsClassifierFree(float scale)
    {
        // The picture's scale means nothing without a picture.
        var rule = Create(new GuidanceScales { Text = scale, Image = 9 }, hasText: true, hasImage: false);

        Assert.Equal([Text, None], rule.Conditions);
        var guided = Combine(rule, [.. TextAndImage, .. Nothing]);
        Assert.Equal([.. Nothing.Zip(TextAndImage, (none, text) => none + (scale * (text - none)))], guided, (a, b) => Math.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Conditions_ImageWithoutText_NeedTwoEvaluations()
    {
        var rule = Create(new GuidanceScales { Text = 1.3f, Image = 3 }, hasText: false, hasImage: true);

        Assert.Equal([Image, None], rule.Conditions);
        Assert.Equal(3 * ImageOnly[0] - 2 * Nothing[0], Combine(rule, [.. ImageOnly, .. Nothing])[0], 1e-5f);
    }

    [Fact]
    public void Conditions_ImageScaleOne_LeavesOutTheUnconditional() => Assert.Equal(
        [Full, Image], Create(new GuidanceScales { Text = 7.5f, Image = 1 }, hasText: true, hasImage: true).Conditions);

    [Fact]
    public void Conditions_EqualScales_LeaveOutTheImageAlone() => Assert.Equal(
        [Full, None], Create(new GuidanceScales { Text = 3, Image = 3 }, hasText: true, hasImage: true).Conditions);

    [Theory]
    [InlineData("BCFHW")]
    [InlineData("BFCHW")]
    public void Combine_ScalePerFrame_RunsLinearlyOverFrames(string axes)
    {
        const int Frames = 5, Channels = 2, Plane = 3;
        var plan = new InputPlan(ChannelLayout.Parse(["noise", "image"], axes, "repeat", Channels), Frames, 1, Plane);
        var rule = new GuidanceRule(new GuidanceScales { FirstFrameImage = 1, Image = 3 }, hasText: false, hasImage: true, plan);
        float[] image = [.. Enumerable.Range(0, plan.LatentLength).Select(i => i + 1f)];
        float[] none = [.. image.Select(value => -value)];

        var guided = Combine(rule, [.. image, .. none], plan.LatentLength);

        for (var i = 0; i < guided.Length; i++)
        {
            var frame = axes == "BCFHW" ? i / Plane % Frames : i / (Plane * Channels);
            var scale = 1 + (2f * frame / (Frames - 1));
            Assert.Equal(none[i] + (scale * (image[i] - none[i])), guided[i], 1e-3f);
        }
    }

    [Fact]
    public void Combine_RescaleOne_HasSpreadOfConditionalOutput()
    {
        var rule = Create(new GuidanceScales { Text = 7.5f, Rescale = 1 }, hasText: true, hasImage: false);

        var guided = Combine(rule, [.. TextAndImage, .. Nothing]);

        Assert.Equal(Spread(TextAndImage), Spread(guided), 1e-5);
    }

    [Fact]
    public void Combine_RescalePart_MixesWithGuidedOutput()
    {
        // Lin et al., section 3.4: φ·x_rescaled + (1 − φ)·x_cfg.
        var plain = Combine(Create(new GuidanceScales { Text = 7.5f }, true, false), [.. TextAndImage, .. Nothing]);
        var guided = Combine(Create(new GuidanceScales { Text = 7.5f, Rescale = 0.7f }, true, false), [.. TextAndImage, .. Nothing]);

        var factor = Spread(TextAndImage) / Spread(plain);
        for (var i = 0; i < plain.Length; i++)
        {
            Assert.Equal((0.7 * factor * plain[i]) + (0.3 * plain[i]), guided[i], 1e-5);
        }
    }

    [Fact]
    public void Conditions_RescaleWithoutWeightOfText_StillEvaluatesWhatIsMeasured()
    {
        var rule = Create(new GuidanceScales { Text = 0, Image = 3, Rescale = 0.5f }, hasText: true, hasImage: true);

        Assert.Equal([Full, Image, None], rule.Conditions);
        Assert.True(float.IsFinite(Combine(rule, Outputs(rule))[0]));
    }

    [Fact]
    public void Combine_OutputsElsewhereInMemory_GivesSameBits()
    {
        // Sums of many elements must not depend on alignment, or a resumed run would differ in its last bits.
        var plan = new InputPlan(ChannelLayout.Parse(["noise"], "BCHW", "zero", 4), 1, 31, 33);
        var rule = new GuidanceRule(new GuidanceScales { Text = 7.5f, Rescale = 0.7f }, hasText: true, hasImage: false, plan);
        var random = new Random(5);
        float[] outputs = [.. Enumerable.Range(0, 2 * plan.LatentLength).Select(_ => random.NextSingle() - 0.4f)];
        var expected = new float[plan.LatentLength];
        Combine(rule, outputs, expected);

        for (var shift = 1; shift < 16; shift++)
        {
            float[] input = new float[outputs.Length + 16], guided = new float[expected.Length + 16];
            outputs.CopyTo(input, shift);
            Combine(rule, input.AsSpan(shift, outputs.Length), guided.AsSpan(16 - shift, expected.Length));
            Assert.Equal(expected, guided[(16 - shift)..(16 - shift + expected.Length)]);
        }
    }

    [Fact]
    public void Combine_ConstantOutputsUnderRescale_StaysFinite()
    {
        var rule = Create(new GuidanceScales { Text = 2, Rescale = 1 }, hasText: true, hasImage: false);

        Assert.All(Combine(rule, new float[12]), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Add_OneAfterAnother_GivesSumOfBatch()
    {
        var rule = Create(new GuidanceScales { Text = 7.5f, Image = 2 }, hasText: true, hasImage: true);
        var sequential = new float[TextAndImage.Length];

        rule.Add(0, TextAndImage, sequential);
        rule.Add(1, ImageOnly, sequential);
        rule.Add(2, Nothing, sequential);

        Assert.Equal(Combine(rule, Outputs(rule)), sequential);
    }

    [Fact]
    public void Add_OutputOfAnotherLength_Throws()
    {
        var rule = Create(new GuidanceScales { Text = 2 }, hasText: true, hasImage: false);

        Assert.Throws<ArgumentException>(() => rule.Add(0, new float[5], new float[6]));
    }

    [Theory]
    [InlineData(float.NaN, 1, 0)]
    [InlineData(1, float.PositiveInfinity, 0)]
    [InlineData(1, 1, -0.1f)]
    [InlineData(1, 1, 1.1f)]
    [InlineData(1, 1, float.NaN)]
    public void GuidanceScales_OutOfRange_Throws(float text, float image, float rescale) => Assert.Throws<ArgumentOutOfRangeException>(
        () => new GuidanceScales { Text = text, Image = image, Rescale = rescale });

    private static GuidanceRule Create(GuidanceScales scales, bool hasText, bool hasImage) => new(
        scales, hasText, hasImage, new InputPlan(ChannelLayout.Parse(["noise"], "BCHW", "zero", 2), 1, 1, 3));

    private static float[] Outputs(GuidanceRule rule) =>
        [.. rule.Conditions.SelectMany(condition => condition == Full ? TextAndImage : condition == Image ? ImageOnly : Nothing)];

    private static float[] Combine(GuidanceRule rule, float[] outputs, int length = 6)
    {
        var guided = new float[length];
        Combine(rule, outputs, guided);
        return guided;
    }

    /// <summary>Adds the outputs under all conditions, then rescales, as a denoising step does.</summary>
    private static void Combine(GuidanceRule rule, ReadOnlySpan<float> outputs, Span<float> guided)
    {
        for (var index = 0; index < rule.Conditions.Count; index++)
        {
            rule.Add(index, outputs.Slice(index * guided.Length, guided.Length), guided);
        }

        rule.Rescale(outputs[..guided.Length], guided);
    }

    private static double Spread(float[] values)
    {
        var mean = values.Average(value => (double)value);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
