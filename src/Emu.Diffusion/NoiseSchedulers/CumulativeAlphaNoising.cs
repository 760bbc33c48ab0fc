namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>Noising by ᾱ, shared by the noise schedulers that work in whole training timesteps.</summary>
internal static class CumulativeAlphaNoising
{
    /// <summary>destination = √ᾱ·clean + √(1 − ᾱ)·noise.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The timestep is not a whole one of training.</exception>
    public static void AddNoise(AlphaSchedule alphas, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, float timestep, Span<float> destination)
    {
        StepArguments.CheckNoising(clean, noise, destination);
        if (!float.IsInteger(timestep) || timestep < 0 || timestep >= alphas.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(timestep), timestep, $"Accepted: whole timesteps from 0 to {alphas.Count - 1}.");
        }

        var alpha = alphas[(int)timestep];
        LinearCombination.Evaluate(new LinearForm(Math.Sqrt(alpha), Math.Sqrt(1 - alpha)), clean, noise, destination);
    }
}
