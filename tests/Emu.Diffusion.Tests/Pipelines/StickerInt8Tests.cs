using System.Numerics.Tensors;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Tests.Pipelines;

/// <summary>How far the shipped package's int8 convolutions are from its full precision. What they do to whole pictures is evaluate.py's to say.</summary>
public sealed class StickerInt8Tests(StickerFixture sticker) : IClassFixture<StickerFixture>, IDisposable
{
    private readonly SessionCache _sessions = new(new SessionCacheOptions { Device = DeviceChoice.Cpu });

    public void Dispose() => _sessions.Dispose();

    [Fact]
    public void Step_OfClip_IsWithinAFewPercentOfFullPrecision()
    {
        Assert.SkipUnless(_sessions.PrefersInt8, "This processor has no instructions for int8 convolutions.");
        var request = sticker.Clip("a duck on a blue background", 7, sticker.Finish(sticker.Keyframe("a duck on a blue background", 7)));
        using var full = sticker.Start(request);
        using DenoiseRun int8 = new(sticker.Package, _sessions, request);
        full.Step();
        int8.Step();

        var difference = RelativeDifference(full.GetLatents(), int8.GetLatents());
        Assert.InRange(difference, float.Epsilon, 0.03f);
    }

    [Fact]
    public void Decode_Keyframe_DiffersByLessThanTheEyeSees()
    {
        Assert.SkipUnless(_sessions.PrefersInt8, "This processor has no instructions for int8 convolutions.");
        var latents = sticker.Finish(sticker.Keyframe("ghost", 11));

        var full = new PictureDecoder(sticker.Package, sticker.Sessions).DecodeAll(latents);
        var int8 = new PictureDecoder(sticker.Package, _sessions).DecodeAll(latents);

        // Root mean square over −1 to 1: 0.04 is 34 dB.
        Assert.InRange(TensorPrimitives.Distance(full.Span, int8.Span) / MathF.Sqrt(full.Span.Length), float.Epsilon, 0.04f);
    }

    private static float RelativeDifference(FloatTensor expected, FloatTensor actual) =>
        TensorPrimitives.Distance(expected.Span, actual.Span) / TensorPrimitives.Norm(expected.Span);
}
