namespace Emu.Diffusion.NoiseSchedulers;

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
