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

    /// <summary>
    /// Whole timesteps for multistep solvers, which end one step after the last one visited: where <see cref="Create"/> visits
    /// timestep 0, these leave it out.
    /// </summary>
    /// <param name="spacing">The spacing.</param>
    /// <param name="trainTimesteps">Timesteps of training, N.</param>
    /// <param name="usedTimesteps">How many of them may be visited, from the first; trailing spacing then takes fewer steps.</param>
    /// <param name="steps">How many to visit.</param>
    /// <param name="offset">Added under leading spacing.</param>
    public static int[] CreateOpen(TimestepSpacing spacing, int trainTimesteps, int usedTimesteps, int steps, int offset)
    {
        if (spacing == TimestepSpacing.Trailing)
        {
            var ratio = (double)trainTimesteps / steps;
            var count = usedTimesteps == trainTimesteps ? steps : (int)Math.Ceiling(usedTimesteps / ratio);
            return [.. Enumerable.Range(0, count).Select(step => Round(usedTimesteps - (step * ratio)) - 1)];
        }

        var timesteps = Enumerable.Range(0, steps).Select(step => spacing == TimestepSpacing.Leading
            ? ((steps - step) * (usedTimesteps / (steps + 1))) + offset
            : Round((usedTimesteps - 1) * (double)(steps - step) / steps));
        return Checked([.. timesteps], trainTimesteps, offset);
    }

    /// <summary>Refuses a number of steps that training's timesteps cannot hold.</summary>
    public static void CheckSteps(int steps, int trainTimesteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, trainTimesteps);
    }

    /// <summary>Position <paramref name="step"/> of an even spacing from N − 1 down to 0, both included, not rounded.</summary>
    public static double Linspace(int trainTimesteps, int steps, int step) =>
        steps == 1 ? 0 : (trainTimesteps - 1) * (double)(steps - 1 - step) / (steps - 1);

    private static int[] Checked(int[] timesteps, int trainTimesteps, int offset) =>
        timesteps[0] < trainTimesteps
            ? timesteps
            : throw new NoiseSchedulerConfigurationException(
                $"{timesteps.Length} steps with 'steps_offset' {offset} would start at timestep {timesteps[0]}, beyond the last of training, {trainTimesteps - 1}. Use fewer steps.");

    /// <summary>Rounds half to even, as NumPy does.</summary>
    private static int Round(double value) => (int)Math.Round(value, MidpointRounding.ToEven);
}
