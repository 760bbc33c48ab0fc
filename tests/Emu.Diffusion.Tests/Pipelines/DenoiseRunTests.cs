using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace Emu.Diffusion.Tests.Pipelines;

public class DenoiseRunTests(StickerFixture sticker) : IClassFixture<StickerFixture>
{
    [Theory]
    [InlineData(1f, false)]
    [InlineData(2.25f, false)]
    [InlineData(2.25f, true)]
    public void Step_OnceWarm_AllocatesLessThanAKilobyte(float guidance, bool oneAfterAnother)
    {
        using CancellationTokenSource cancellation = new();
        using var run = sticker.Start(sticker.Keyframe("duck", 7, guidance, steps: 12) with { OneAfterAnother = oneAfterAnother });
        run.Step(cancellation.Token);
        run.Step(cancellation.Token);
        var bytes = new long[10];
        for (var step = 0; step < bytes.Length; step++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run.Step(cancellation.Token);
            bytes[step] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // The runtime allocates on our thread once in a while (a method compiled anew, a type met first): the median is what each step costs.
        Array.Sort(bytes);
        TestContext.Current.TestOutputHelper?.WriteLine($"{string.Join(", ", bytes)} bytes a step");
        Assert.InRange(bytes[bytes.Length / 2], 0, 1023);
    }

    [Fact]
    public void Step_SameRequestTwice_GivesTheSameBits()
    {
        var request = sticker.Keyframe("a red heart", 3, steps: 4);

        Assert.Equal(sticker.Finish(request).Span.ToArray(), sticker.Finish(request).Span.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RestoreAsync_ShippedGraphsLoadedAgain_EndsBitIdentical(bool clip)
    {
        var request = clip ? Clip(3) : sticker.Keyframe("a red heart", 3, steps: 5);
        using MemoryStream checkpoint = new();
        using (var cut = sticker.Start(request))
        {
            cut.Step();
            cut.Step();
            await cut.SaveCheckpointAsync(checkpoint);
        }

        checkpoint.Position = 0;
        using SessionCache another = new(sticker.Sessions.Options);
        using DenoiseRun resumed = new(sticker.Package, another, request);
        await resumed.RestoreAsync(checkpoint);
        while (!resumed.IsDone)
        {
            resumed.Step();
        }

        Assert.Equal(sticker.Finish(request).Span.ToArray(), resumed.GetLatents().Span.ToArray());
    }

    [Fact]
    public void Step_AnotherSample_GivesAnotherPicture()
    {
        var request = sticker.Keyframe("a red heart", 3, steps: 2);

        Assert.NotEqual(sticker.Finish(request).Span.ToArray(), sticker.Finish(request with { Sample = 1 }).Span.ToArray());
    }

    [Fact]
    public void Start_ImageGuidanceNotTrained_IsRefusedByName()
        => RequireRefused(Clip() with { ImageGuidance = 2 }, "image guidance");

    [Fact]
    public void Start_ClipWithoutPicture_IsRefusedWhereItWasNotTrained()
        => RequireRefused(Clip() with { FirstFrameFeatures = null }, "no picture");

    [Fact]
    public void Start_LatentsOfAPictureForMotion_SaysWhatItTakes()
        => Assert.Contains("features of the first frame", Assert.Throws<ArgumentException>(() => sticker.Start(Clip() with { FirstFrameFeatures = null, ImageLatents = new FloatTensor([1, Channels, 16, 16]) })).Message, StringComparison.Ordinal);

    [Fact]
    public void Start_PictureForTheKeyframe_IsRefused()
        => RequireRefused(sticker.Keyframe("duck", 1) with { ImageLatents = new FloatTensor([1, Channels, 16, 16]) }, "a picture");

    [Fact]
    public void Start_FeaturesOfAnotherShape_NamesTheInput()
        => Assert.Contains("first_frame_features", Assert.Throws<ModelPackageException>(() => sticker.Start(Clip() with { FirstFrameFeatures = new FloatTensor([1, 3, 224]) })).Message, StringComparison.Ordinal);

    [Fact]
    public void Start_LatentSizeTheGraphDoesNotTake_NamesTheInput()
        => Assert.Contains("sample", Assert.Throws<ModelPackageException>(() => sticker.Start(sticker.Keyframe("duck", 1) with { LatentSize = (32, 32) })).Message, StringComparison.Ordinal);

    [Fact]
    public void Step_CancelledWithinTheGraph_StopsThereAndCanGoOn()
    {
        using var run = sticker.Start(Clip(25));
        using var whole = sticker.Start(Clip(25));
        OperationCanceledException? within = null;
        for (var attempt = 0; attempt < 15 && within is null; attempt++)
        {
            // How long a step takes is not known here, so some attempts may come too early or too late.
            using CancellationTokenSource cancellation = new(TimeSpan.FromMilliseconds(2 << (attempt % 8)));
            var before = run.CurrentStep;
            try
            {
                run.Step(cancellation.Token);
            }
            catch (OperationCanceledException exception)
            {
                Assert.Equal(before, run.CurrentStep);
                within = exception.InnerException is OnnxRuntimeException ? exception : null;
            }
        }

        Assert.NotNull(within);
        run.Step();
        while (whole.CurrentStep < run.CurrentStep)
        {
            whole.Step();
        }

        Assert.Equal(whole.GetLatents().Span.ToArray(), run.GetLatents().Span.ToArray());
    }

    private DenoiseRequest Clip(int steps = 2) => sticker.Clip(1, new FloatTensor([1, 4, 256, 256]), steps);

    private int Channels => sticker.Package.Description.LatentChannels;

    private void RequireRefused(DenoiseRequest request, string feature)
    {
        var exception = Assert.Throws<UnsupportedByModelException>(() => sticker.Start(request));

        Assert.Equal(feature, exception.Feature);
        Assert.Contains("'sticker'", exception.Message, StringComparison.Ordinal);
    }
}
