using Emu.Generation.Models;

namespace Emu.Generation.Upsampling;

/// <summary>Chooses how a model's pictures are enlarged.</summary>
public static class PictureUpsamplers
{
    /// <summary>The package's own upscaling graph if it has one, else resampling.</summary>
    public static IPictureUpsampler For(LoadedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Description.Upscaler is null ? new ResamplingUpsampler() : new NetworkUpsampler(model);
    }
}
