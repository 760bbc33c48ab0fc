using Emu.Diffusion.ChannelLayouts;

namespace Emu.Diffusion.Tests.ChannelLayouts;

public sealed class InputPlanTests
{
    private const int Height = 2;
    private const int Width = 3;
    private const int Frames = 4;

    /// <summary>Layout, axes, padding, latent channels, mask channels, frames, and the input's channels as letters: n, i, m.</summary>
    public static TheoryData<string, string, string, int, int, int, string> Families => new()
    {
        { "noise,image,mask", "BCFHW", "zero", 8, 1, Frames, "nnnnnnnniiiiiiiim" }, // Emu Video
        { "noise,image", "BFCHW", "repeat", 4, 1, Frames, "nnnniiii" }, // Stable Video Diffusion
        { "noise,mask,image", "BCFHW", "zero", 16, 4, Frames, "nnnnnnnnnnnnnnnnmmmmiiiiiiiiiiiiiiii" }, // Wan
        { "noise,image", "BCHW", "zero", 4, 1, 1, "nnnniiii" }, // InstructPix2Pix
        { "noise", "BCHW", "zero", 4, 1, 1, "nnnn" }, // Stable Diffusion
        { "mask,noise,image", "BFCHW", "repeat", 2, 1, Frames, "mnnii" },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void Write_FamilyOfModels_PutsEveryElementInItsPlace(
        string names, string axes, string padding, int latentChannels, int maskChannels, int frames, string letters)
    {
        var layout = ChannelLayout.Parse(names.Split(','), axes, padding, latentChannels, maskChannels);
        var plan = new InputPlan(layout, frames, Height, Width);
        var latents = Numbered(plan.LatentLength, 0.5f);
        var picture = Numbered(plan.PictureLength, -0.25f);
        float[] input = [.. Enumerable.Repeat(float.NaN, plan.InputLength)];

        plan.WritePicture(input, picture);
        WriteNoise(plan, input, [.. latents.Select(value => 2 * value)]);

        Assert.Equal(letters.Length, layout.InputChannels);
        Assert.Equal(letters.Length * frames * Height * Width, plan.InputLength);
        for (var frame = 0; frame < frames; frame++)
        {
            for (var channel = 0; channel < letters.Length; channel++)
            {
                for (var pixel = 0; pixel < Height * Width; pixel++)
                {
                    var actual = input[Index(axes, channel, frame, letters.Length, frames, pixel)];
                    var ofPart = letters[..channel].Count(letter => letter == letters[channel]);
                    var known = frame == 0 || padding == "repeat";
                    var expected = letters[channel] switch
                    {
                        'n' => 2 * latents[Index(axes, ofPart, frame, latentChannels, frames, pixel)],
                        'i' => known ? picture[(ofPart * Height * Width) + pixel] : 0,
                        _ => known ? 1 : 0,
                    };
                    Assert.Equal(expected, actual);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void NoiseBlocks_SecondStep_LeavesConditionsAlone(
        string names, string axes, string padding, int latentChannels, int maskChannels, int frames, string letters)
    {
        var plan = new InputPlan(ChannelLayout.Parse(names.Split(','), axes, padding, latentChannels, maskChannels), frames, Height, Width);
        var picture = Numbered(plan.PictureLength, -0.25f);
        float[] once = new float[plan.InputLength], again = new float[plan.InputLength];
        plan.WritePicture(once, picture);
        WriteNoise(plan, once, Numbered(plan.LatentLength, 3));
        plan.WritePicture(again, picture);
        WriteNoise(plan, again, Numbered(plan.LatentLength, 7));

        WriteNoise(plan, again, Numbered(plan.LatentLength, 3));

        Assert.Equal(once, again);
        Assert.Equal(letters.Count(letter => letter == 'n') * frames * Height * Width, plan.NoiseBlocks.Sum(block => block.Length));
    }

    [Fact]
    public void WritePicture_None_ClearsPictureAndMask()
    {
        var plan = new InputPlan(ChannelLayout.Parse(["noise", "image", "mask"], "BCFHW", "zero", 8), Frames, Height, Width);
        float[] input = [.. Enumerable.Repeat(5f, plan.InputLength)];

        plan.WritePicture(input, []);

        Assert.All(input[..plan.LatentLength], value => Assert.Equal(5, value));
        Assert.All(input[plan.LatentLength..], value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData("BCFHW")]
    [InlineData("BFCHW")]
    public void FrameBlocks_TogetherAndByFrame_CoverLatentsOnce(string axes)
    {
        var plan = new InputPlan(ChannelLayout.Parse(["noise"], axes, "zero", 3), Frames, Height, Width);
        var frames = new int?[plan.LatentLength];

        foreach (var block in plan.FrameBlocks)
        {
            for (var i = block.Offset; i < block.Offset + block.Length; i++)
            {
                Assert.Null(frames[i]);
                frames[i] = block.Frame;
            }
        }

        Assert.Equal(
            Enumerable.Range(0, plan.LatentLength).Select(i => (int?)(axes == "BCFHW" ? i / 6 % Frames : i / 18)), frames);
    }

    [Fact]
    public void Constructor_FramesInLayoutWithout_Throws() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new InputPlan(ChannelLayout.Parse(["noise"], "BCHW", "zero", 4), 2, Height, Width));

    [Fact]
    public void Write_OtherLengthsOrFrames_Throws()
    {
        var plan = new InputPlan(ChannelLayout.Parse(["noise", "image", "mask"], "BCFHW", "zero", 8), Frames, Height, Width);
        var input = new float[plan.InputLength];

        Assert.Throws<ArgumentException>(() => plan.WritePicture(input, new float[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.WriteMask(input, Frames));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.WriteImage(input, -1, new float[plan.PictureLength]));
    }

    [Theory]
    [InlineData("noise,depth", "BCHW", "zero", "depth")]
    [InlineData("image", "BCHW", "zero", "layout")]
    [InlineData("noise,noise", "BCHW", "zero", "layout")]
    [InlineData("noise", "BHWC", "zero", "BCHW, BCFHW, BFCHW")]
    [InlineData("noise", "BCHW", "mirror", "zero, repeat")]
    public void Parse_UnknownName_IsRefusedByField(string names, string axes, string padding, string named)
    {
        var error = Assert.Throws<FormatException>(() => ChannelLayout.Parse(names.Split(','), axes, padding, 4));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Writes latents where <see cref="InputPlan.NoiseBlocks"/> says that they lie, as the denoiser's batch does.</summary>
    private static void WriteNoise(InputPlan plan, float[] input, float[] latents)
    {
        var done = 0;
        foreach (var block in plan.NoiseBlocks)
        {
            latents.AsSpan(done, block.Length).CopyTo(input.AsSpan(block.Offset, block.Length));
            done += block.Length;
        }

        Assert.Equal(latents.Length, done);
    }

    private static int Index(string axes, int channel, int frame, int channels, int frames, int pixel) =>
        ((axes == "BFCHW" ? (frame * channels) + channel : (channel * frames) + frame) * Height * Width) + pixel;

    private static float[] Numbered(int length, float step) => [.. Enumerable.Range(1, length).Select(i => i * step)];
}
