using Emu.Generation.Models;

namespace Emu.Generation.Interpolation;

/// <summary>Chooses how frames between frames are made.</summary>
public static class FrameInterpolators
{
    /// <summary>The interpolator for a model's clips.</summary>
    public static IFrameInterpolator For(LoadedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new LatentFrameInterpolator(model.Description.Loops);
    }
}
