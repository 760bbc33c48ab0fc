using System.Numerics.Tensors;
using Emu.Diffusion.Pipelines;
using Emu.Diffusion.Sessions;

namespace Emu.Diffusion.Tests.Pipelines;

/// <summary>How far the shipped package's int8 convolutions (those of the decoder) are from its full precision. What they do to whole pictures is evaluate.py's to say.</summary>
public sealed class StickerInt8Tests(StickerFixture sticker) : IClassFixture<StickerFixture>, IDisposable
{
    private readonly SessionCache _sessions = new(new SessionCacheOptions { Device = DeviceChoice.Cpu });

    public void Dispose() => _sessions.Dispose();

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
}
