namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>How the noise variance β grows over the training timesteps.</summary>
public enum BetaSchedule
{
    /// <summary>β runs linearly from its start to its end (<c>linear</c>).</summary>
    Linear,

    /// <summary>√β runs linearly from its start to its end (<c>scaled_linear</c>; Stable Diffusion, Emu Video).</summary>
    ScaledLinear,

    /// <summary>ᾱ follows a squared cosine, β is capped at 0.999 (<c>squaredcos_cap_v2</c>; Nichol and Dhariwal, 2021).</summary>
    SquaredCosine,
}
