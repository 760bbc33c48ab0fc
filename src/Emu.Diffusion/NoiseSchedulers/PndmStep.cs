namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>An evaluation of the network in PNDM's plan.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Timestep">What the network is handed.</param>
/// <param name="From">Where the sample is moved from.</param>
/// <param name="To">Where it is moved to; below 0, the end.</param>
internal readonly record struct PndmStep(PndmStepKind Kind, int Timestep, int From, int To)
{
    private const int WarmUpBlocks = 3;

    /// <summary>Lays out the evaluations over the timesteps that a plan visits, as diffusers does.</summary>
    /// <exception cref="NoiseSchedulerConfigurationException">There are too few steps for the Runge-Kutta warm-up.</exception>
    public static PndmStep[] Plan(AlphaPlan plan, bool skipRungeKutta)
    {
        var (timesteps, stride) = (plan.Timesteps, plan.Stride);
        List<PndmStep> steps = [];
        if (skipRungeKutta)
        {
            steps.Add(Multistep(timesteps[0], stride));
            if (timesteps.Length > 1)
            {
                steps.Add(new PndmStep(PndmStepKind.Correction, timesteps[1], timesteps[1] + stride, timesteps[1]));
                steps.AddRange(timesteps.Skip(1).Select(timestep => Multistep(timestep, stride)));
            }

            return [.. steps];
        }

        if (timesteps.Length <= WarmUpBlocks)
        {
            throw new NoiseSchedulerConfigurationException(
                $"PNDM's Runge-Kutta warm-up needs at least {WarmUpBlocks + 1} steps, {timesteps.Length} were asked for. Accepted: more, or 'skip_prk_steps'.");
        }

        for (var block = 0; block < WarmUpBlocks; block++)
        {
            var (start, end, half) = (timesteps[block], timesteps[block + 1], stride / 2);
            steps.Add(new PndmStep(PndmStepKind.RungeKuttaFirst, start, start, start - half));
            steps.Add(new PndmStep(PndmStepKind.RungeKuttaMiddle, end + half, start, end + half));
            steps.Add(new PndmStep(PndmStepKind.RungeKuttaMiddle, end + half, start, end));
            steps.Add(new PndmStep(PndmStepKind.RungeKuttaLast, end, start, end));
        }

        steps.AddRange(timesteps.Skip(WarmUpBlocks).Select(timestep => Multistep(timestep, stride)));
        return [.. steps];
    }

    private static PndmStep Multistep(int timestep, int stride) => new(PndmStepKind.Multistep, timestep, timestep, timestep - stride);
}
