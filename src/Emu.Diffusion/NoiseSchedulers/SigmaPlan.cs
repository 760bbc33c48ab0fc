namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>Noise levels to visit, falling, and the timestep that the network is handed at each.</summary>
internal sealed class SigmaPlan
{
    private readonly Func<double, double?> _toSigma;

    /// <param name="sigmas">One more than there are timesteps: where each step starts, and where the last one ends.</param>
    /// <param name="timesteps">What the network is handed.</param>
    /// <param name="toSigma">The noise level at a timestep that is not visited; null where there is none.</param>
    /// <exception cref="NoiseSchedulerConfigurationException">Two steps would start at one noise level.</exception>
    public SigmaPlan(double[] sigmas, float[] timesteps, Func<double, double?> toSigma)
    {
        for (var step = 1; step < timesteps.Length; step++)
        {
            if (!(sigmas[step] < sigmas[step - 1]))
            {
                throw new NoiseSchedulerConfigurationException(
                    $"{timesteps.Length} steps do not fit: steps {step - 1} and {step} would start at one noise level. Use fewer steps or another 'timestep_spacing'.");
            }
        }

        Sigmas = sigmas;
        Timesteps = timesteps;
        this._toSigma = toSigma;
    }

    public double[] Sigmas { get; }

    public float[] Timesteps { get; }

    public int StepCount => Timesteps.Length;

    /// <summary>The noise level at a timestep: that of the visited one, else between those of training.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Training had no such timestep.</exception>
    public double SigmaAt(float timestep)
    {
        var step = Array.IndexOf(Timesteps, timestep);
        return (step >= 0 ? Sigmas[step] : _toSigma(timestep))
            ?? throw new ArgumentOutOfRangeException(nameof(timestep), timestep, "Training had no such timestep.");
    }
}
