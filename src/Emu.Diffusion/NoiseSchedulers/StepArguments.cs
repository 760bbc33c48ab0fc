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

    /// <summary>A history tensor of a state, at the sample's length.</summary>
    /// <exception cref="ArgumentException">The state was not made by this noise scheduler, or not for samples of this length.</exception>
    public static Span<float> History(NoiseSchedulerState state, string name, int length)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Tensors.TryGetValue(name, out var tensor) && tensor.Length == length
            ? tensor
            : throw new ArgumentException(
                tensor is null
                    ? $"The state has no tensor '{name}': it was made by another noise scheduler."
                    : $"The state's tensor '{name}' has {tensor.Length} elements, the sample {length}.",
                nameof(state));
    }
}
