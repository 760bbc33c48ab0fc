using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Noise;
using Emu.Diffusion.NoiseSchedulers;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;
using Emu.Diffusion.Tests.Onnx;
using Emu.Diffusion.Tests.Pipelines;
using Emu.Editing.Instruct;
using Emu.Media.Pictures;

namespace Emu.Editing.Tests.Instruct;

/// <summary>A tiny InstructPix2Pix in the diffusers layout, whose trajectory is computed without graphs by loops.</summary>
public sealed class InstructEditorTests : IDisposable
{
    private const int Cell = 8;
    private const int Cells = 4;
    private const int Side = Cells * Cell;
    private const float Scaling = 0.5f;

    private readonly SessionCache _sessions = new(new SessionCacheOptions { Device = DeviceChoice.Cpu, Threads = 1 });
    private readonly MiniDenoiser _denoiser = new() { InputChannels = 8 };
    private readonly MiniPackage _files;
    private readonly ModelPackage _package;

    public InstructEditorTests()
    {
        _files = new MiniPackage("StableDiffusionInstructPix2PixPipeline", _denoiser);
        _package = ModelPackage.Load(_files.Path);
    }

    public void Dispose()
    {
        _files.Dispose();
        _sessions.Dispose();
    }

    [Theory]
    [InlineData(null, null, 7.5f, 1.5f)]
    [InlineData(5f, 1.5f, 5f, 1.5f)]
    [InlineData(1f, 1f, 1f, 1f)]
    [InlineData(3f, 2f, 3f, 2f)]
    public void Run_GuidedByTextAndPicture_FollowsClosedForm(float? text, float? image, float usedText, float usedImage)
    {
        using var edit = Begin(Source(), new InstructOptions { Steps = 4, Seed = 7, TextGuidance = text, ImageGuidance = image });
        while (!edit.Run.IsDone)
        {
            edit.Run.Step();
        }

        // γ_text·e(text, picture) + (γ_image − γ_text)·e(picture) + (1 − γ_image)·e(nothing)
        var expected = ClosedForm.Run(_package, Request(), _denoiser, [(true, true, usedText), (false, true, usedImage - usedText), (false, false, 1 - usedImage)]);
        var latents = edit.Run.GetFrames();
        Assert.All(expected.Span.ToArray().Zip(latents.Span.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
        var picture = edit.Decode();
        Assert.All(Enumerable.Range(0, Cells * Cells), cell =>
        {
            var color = picture[(cell % Cells * Cell) + 3, (cell / Cells * Cell) + 3];
            Assert.Equal([Level(expected, 0, cell), Level(expected, 1, cell), Level(expected, 2, cell)], new[] { (int)color.Red, color.Green, color.Blue }, Near);
        });
    }

    [Fact]
    public async Task Run_RestoredFromACheckpoint_EndsBitIdentical()
    {
        InstructOptions options = new() { Steps = 4, Seed = 3 };
        using var whole = Begin(Source(), options);
        using MemoryStream checkpoint = new();
        whole.Run.Step();
        whole.Run.Step();
        await whole.Run.SaveCheckpointAsync(checkpoint, TestContext.Current.CancellationToken);
        whole.Run.Step();
        whole.Run.Step();

        using var restored = Begin(Source(), options);
        checkpoint.Position = 0;
        await restored.Run.RestoreAsync(checkpoint, TestContext.Current.CancellationToken);
        restored.Run.Step();
        restored.Run.Step();

        Assert.True(whole.Finish().Picture.Bytes.SequenceEqual(restored.Finish().Picture.Bytes));
    }

    [Fact]
    public void Apply_LargerSource_KeepsItsSizeAndCopiesWhatIsKept()
    {
        var source = SourcePicture.From(Picture.Filled(50, 70, new PictureColor(128, 128, 128, 200)));
        List<double> shares = [];

        var result = new InstructEditor(_package, _sessions).Apply(
            source, "make it red", new InstructOptions { Steps = 2, Threshold = new PixelThreshold { Alpha = 3 } }, new Sync(shares), TestContext.Current.CancellationToken);

        Assert.Equal((50, 70), (result.Picture.Width, result.Picture.Height));
        Assert.True(source.Bytes.SequenceEqual(result.Picture.Bytes));
        Assert.True(result.Changed!.IsEmpty);
        Assert.Equal([0.5, 1], shares);
    }

    [Theory]
    [InlineData(100, 100, 32, 32)]
    [InlineData(400, 100, 64, 32)]
    [InlineData(16, 4000, 32, 64)]
    public void SizeFor_AnyShape_IsNearTheNativeAreaInWholeUnits(int width, int height, int expectedWidth, int expectedHeight) =>
        Assert.Equal((expectedWidth, expectedHeight), new InstructEditor(_package, _sessions).SizeFor(width, height));

    [Fact]
    public void Begin_WithoutInstruction_IsRefused() => Assert.Throws<ArgumentException>(() => new InstructEditor(_package, _sessions).Begin(Source(), " ", new InstructOptions()));

    [Fact]
    public void Constructor_PackageWithoutEditDenoiser_IsRefusedByName()
    {
        using MiniPackage files = new("StableDiffusionPipeline", new MiniDenoiser());

        var exception = Assert.Throws<UnsupportedByModelException>(() => new InstructEditor(ModelPackage.Load(files.Path), _sessions));

        Assert.Equal("edits", exception.Feature);
    }

    private InstructEdit Begin(SourcePicture source, InstructOptions options) => new InstructEditor(_package, _sessions).Begin(source, "green yellow red", options);

    /// <summary>The request that the closed form is computed of: the picture's latents are the means of cells, −1 to 1, times the latent's number, not scaled.</summary>
    private DenoiseRequest Request()
    {
        FloatTensor latents = new([1, 4, Cells, Cells]);
        var source = Source().ToPicture();
        for (var index = 0; index < latents.Span.Length; index++)
        {
            var (channel, cell) = Math.DivRem(index, Cells * Cells);
            var color = source[cell % Cells * Cell, cell / Cells * Cell];
            var sample = (channel % 3) switch { 0 => color.Red, 1 => color.Green, _ => color.Blue };
            latents.Span[index] = (channel + 1) * ((sample / 127.5f) - 1);
        }

        TextEncoder text = new(_package, _sessions);
        return new DenoiseRequest
        {
            Denoiser = _package.Edit!,
            NoiseScheduler = NoiseSchedulerFactory.Create(_package.NoiseScheduler, 4),
            Stage = NoiseStage.Edit,
            Seed = 7,
            Text = text.Encode("green yellow red"),
            UnconditionalPrompt = text.EncodeUnconditional(),
            ImageLatents = latents,
        };
    }

    private static bool Near(int first, int second) => Math.Abs(first - second) <= 1;

    private static int Level(FloatTensor latents, int channel, int cell) => (int)Math.Clamp((((latents.Span[(channel * Cells * Cells) + cell] / Scaling) + 1) * 127.5f) + 0.5f, 0, 255);

    /// <summary>Sixteen cells of one colour each.</summary>
    private static SourcePicture Source() => SourcePicture.From(Picture.Create(Side, Side, 0, static (samples, _) =>
    {
        for (var i = 0; i < samples.Length; i += 4)
        {
            var cell = (i / 4 / Side / Cell * Cells) + (i / 4 % Side / Cell);
            (samples[i], samples[i + 1], samples[i + 2], samples[i + 3]) = ((byte)(16 * cell), (byte)(255 - (16 * cell)), (byte)(cell * 37), 255);
        }
    }));

    private sealed class Sync(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }
}
