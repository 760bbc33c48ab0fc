namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>The training timesteps that a plan visits, falling (Lin et al., arXiv 2305.08891, table 2, as diffusers rounds them).</summary>
internal static class TimestepGrid
{
    /// <summary>Whole timesteps.</summary>
    /// <param name="spacing">The spacing.</param>
    /// <param name="trainTimesteps">Timesteps of training, N.</param>
    /// <param name="steps">How many to visit.</param>
    /// <param name="offset">Added under leading spacing.</param>
    /// <exception cref="NoiseSchedulerConfigurationException">The offset leads beyond the last training timestep.</exception>
    public static int[] Create(TimestepSpacing spacing, int trainTimesteps, int steps, int offset)
    {
        var timesteps = new int[steps];
        for (var step = 0; step < steps; step++)
        {
            timesteps[step] = spacing switch
            {
                TimestepSpacing.Leading => ((steps - 1 - step) * (trainTimesteps / steps)) + offset,
                TimestepSpacing.Trailing => Round(trainTimesteps - (step * ((double)trainTimesteps / steps))) - 1,
                _ => Round(Linspace(trainTimesteps, steps, step)),
            };
        }

        return Checked(timesteps, trainTimesteps, offset);
    }

    /// <summary>Position <paramref name="step"/> of an even spacing from N − 1 down to 0, both included, not rounded.</summary>
    public static double Linspace(int trainTimesteps, int steps, int step) =>
        steps == 1 ? 0 : (trainTimesteps - 1) * (double)(steps - 1 - step) / (steps - 1);

    /// <summary>Refuses timesteps that training did not have.</summary>
    public static int[] Checked(int[] timesteps, int trainTimesteps, int offset) =>
        timesteps[0] < trainTimesteps
            ? timesteps
            : throw new NoiseSchedulerConfigurationException(
                $"{timesteps.Length} steps with 'steps_offset' {offset} would start at timestep {timesteps[0]}, beyond the last of training, {trainTimesteps - 1}. Use fewer steps.");

    /// <summary>Rounds half to even, as NumPy does.</summary>
    public static int Round(double value) => (int)Math.Round(value, MidpointRounding.ToEven);
}
