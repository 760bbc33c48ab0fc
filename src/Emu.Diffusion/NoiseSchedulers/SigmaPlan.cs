namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>Noise levels to visit, falling, and the timestep that is passed to the network at each.</summary>
internal sealed class SigmaPlan
{
    private readonly Func<double, double?> _toSigma;

    /// <param name="sigmas">One more than there are timesteps: where each step starts, and where the last one ends.</param>
    /// <param name="timesteps">What is passed to the network.</param>
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
        _toSigma = toSigma;
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

/// <summary>Arithmetic on noise levels σ that rise with the training timestep.</summary>
internal static class SigmaSpacing
{
    private const double Rho = 7;

    /// <summary>σ at a timestep that need not be whole, linearly between its neighbours.</summary>
    public static double Interpolate(double[] trainSigmas, double timestep)
    {
        var below = Math.Clamp((int)timestep, 0, trainSigmas.Length - 1);
        var above = Math.Min(below + 1, trainSigmas.Length - 1);
        return trainSigmas[below] + (Math.Clamp(timestep - below, 0, 1) * (trainSigmas[above] - trainSigmas[below]));
    }

    /// <summary>The timestep that has a given σ, linearly in ln σ between its neighbours; the first or last beyond them.</summary>
    public static double ToTimestep(double[] trainSigmas, double sigma)
    {
        var logSigma = Math.Log(sigma);
        var below = 0;
        while (below < trainSigmas.Length - 2 && Math.Log(trainSigmas[below + 1]) <= logSigma)
        {
            below++;
        }

        var (low, high) = (Math.Log(trainSigmas[below]), Math.Log(trainSigmas[below + 1]));
        return below + Math.Clamp((logSigma - low) / (high - low), 0, 1);
    }

    /// <summary>Falling noise levels even in σ^(1/7) (Karras et al., arXiv 2206.00364, equation 5).</summary>
    public static double[] Karras(double largest, double smallest, int steps)
    {
        var (from, to) = (Math.Pow(largest, 1 / Rho), Math.Pow(smallest, 1 / Rho));
        var sigmas = new double[steps];
        for (var step = 0; step < steps; step++)
        {
            var position = steps == 1 ? 0 : (double)step / (steps - 1);
            sigmas[step] = Math.Pow(from + (position * (to - from)), Rho);
        }

        return sigmas;
    }

    /// <summary>Moves flow matching's noise level towards 1 by a shift (Esser et al., arXiv 2403.03206, equation 23).</summary>
    public static double ShiftFlow(double sigma, double shift) => shift * sigma / (1 + ((shift - 1) * sigma));
}
