namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>Which training timesteps are visited (Lin et al., arXiv 2305.08891, table 2).</summary>
public enum TimestepSpacing
{
    /// <summary>From 0 upwards in whole steps, plus an offset; the last training timestep is never visited (<c>leading</c>).</summary>
    Leading,

    /// <summary>From the last training timestep downwards (<c>trailing</c>); zero terminal SNR needs it.</summary>
    Trailing,

    /// <summary>Evenly from the last training timestep to the first, both included (<c>linspace</c>).</summary>
    Linspace,
}
