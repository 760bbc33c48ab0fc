namespace Emu.Diffusion.Noise;

/// <summary>Which part of a job draws noise; part of the generator's counter, so that no two stages share numbers.</summary>
public enum NoiseStage
{
    /// <summary>The keyframe.</summary>
    Keyframe = 1,

    /// <summary>The clip.</summary>
    Clip = 2,

    /// <summary>Interpolation between the clip's frames.</summary>
    Interpolation = 3,

    /// <summary>An edit.</summary>
    Edit = 4,

    /// <summary>Noise augmentation of a condition.</summary>
    Augmentation = 5,
}
