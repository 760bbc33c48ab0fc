namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>The checks that every noise scheduler makes before it touches a sample.</summary>
internal static class StepArguments
{
    /// <summary>The step exists and all spans have the sample's length.</summary>
    public static void Check(INoiseScheduler scheduler, int step, ReadOnlySpan<float> modelOutput, ReadOnlySpan<float> sample, ReadOnlySpan<float> noise)
    {
        CheckStep(scheduler, step);
        if (modelOutput.Length != sample.Length)
        {
            throw new ArgumentException($"The output has {modelOutput.Length} elements, the sample {sample.Length}.", nameof(modelOutput));
        }

        if (scheduler.DrawsNoise(step) && noise.Length != sample.Length)
        {
            throw new ArgumentException($"Step {step} adds noise: {noise.Length} elements were given, the sample has {sample.Length}.", nameof(noise));
        }
    }

    /// <summary>The step exists.</summary>
    public static void CheckStep(INoiseScheduler scheduler, int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, scheduler.StepCount);
    }

    /// <summary>Sample, noise and destination have one length.</summary>
    public static void CheckNoising(ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, ReadOnlySpan<float> destination)
    {
        if (noise.Length != clean.Length || destination.Length != clean.Length)
        {
            throw new ArgumentException(
                $"The clean sample has {clean.Length} elements, the noise {noise.Length}, the destination {destination.Length}; they must be as many.");
        }
    }
}
