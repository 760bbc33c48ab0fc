namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>The noise level that the last step ends at.</summary>
public enum FinalSigma
{
    /// <summary>No noise (<c>zero</c>).</summary>
    Zero,

    /// <summary>The smallest noise level of training (<c>sigma_min</c>).</summary>
    SigmaMin,
}
