using Emu.Generation.Models;

namespace Emu.Generation.Interpolation;

/// <summary>Chooses how the frames between a model's frames are made.</summary>
public static class FrameInterpolators
{
    /// <summary>No package has an interpolation network yet, so latents are mixed.</summary>
    public static IFrameInterpolator For(LoadedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new LatentFrameInterpolator(model.Description.Loops);
    }
}
