namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// An immutable plan of denoising steps: the timesteps to visit and the arithmetic between them. The history of a multistep
/// method lives in a <see cref="NoiseSchedulerState"/>, which can be saved after any step and restored.
/// </summary>
/// <remarks>Element order is row-major throughout; every span has the sample's length. Safe for concurrent use with different states.</remarks>
public interface INoiseScheduler
{
    /// <summary>Evaluations of the network in all. Usually the number of steps requested; PNDM's warm-up and second-order methods take more.</summary>
    int StepCount { get; }

    /// <summary>The starting sample is unit noise times this.</summary>
    float InitialNoiseScale { get; }

    /// <summary>The timestep passed to the network at a step (from 0).</summary>
    float GetTimestep(int step);

    /// <summary>The sample is multiplied by this before the network sees it (1 for schedulers that do not work in sigmas).</summary>
    float GetModelInputScale(int step);

    /// <summary>Whether the step adds fresh noise, so that <see cref="Step"/> must be given some.</summary>
    bool DrawsNoise(int step);

    /// <summary>A new state for samples of the given number of elements.</summary>
    NoiseSchedulerState CreateState(int elementCount);

    /// <summary>Moves the sample from this step's timestep to the next one's, in place, without allocating.</summary>
    /// <param name="step">The step, from 0; steps are taken in order.</param>
    /// <param name="modelOutput">The network's (guided) output.</param>
    /// <param name="sample">The sample; replaced.</param>
    /// <param name="noise">Unit noise if <see cref="DrawsNoise"/>, else empty.</param>
    /// <param name="state">The state made by <see cref="CreateState"/> or restored; changed.</param>
    void Step(int step, ReadOnlySpan<float> modelOutput, Span<float> sample, ReadOnlySpan<float> noise, NoiseSchedulerState state);

    /// <summary>Noises a clean sample to the given timestep.</summary>
    void AddNoise(ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, float timestep, Span<float> destination);
}

/// <summary>The history that a noise scheduler keeps between steps: a fixed set of named tensors and counters, all of it serialisable.</summary>
public sealed class NoiseSchedulerState
{
    /// <summary>Creates a state, for example one that was saved.</summary>
    /// <param name="tensors">History tensors by name, each of the sample's length.</param>
    /// <param name="counters">Counters by name.</param>
    public NoiseSchedulerState(IReadOnlyDictionary<string, float[]> tensors, IReadOnlyDictionary<string, long> counters)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(counters);
        Tensors = tensors;
        Counters = new Dictionary<string, long>(counters);
    }

    /// <summary>History tensors by name.</summary>
    public IReadOnlyDictionary<string, float[]> Tensors { get; }

    /// <summary>Counters by name, for example how many outputs are remembered.</summary>
    public Dictionary<string, long> Counters { get; }

    /// <summary>The state of a scheduler without history.</summary>
    public static NoiseSchedulerState Empty() => new(new Dictionary<string, float[]>(), new Dictionary<string, long>());

    /// <summary>A new state: tensors and counters of zeros.</summary>
    internal static NoiseSchedulerState Create(int elementCount, IEnumerable<string> tensors, IEnumerable<string> counters)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementCount);
        return new NoiseSchedulerState(
            tensors.ToDictionary(name => name, _ => new float[elementCount]), counters.ToDictionary(name => name, _ => 0L));
    }

    /// <summary>A history tensor at the sample's length.</summary>
    /// <exception cref="ArgumentException">The state was not made by this noise scheduler, or not for samples of this length.</exception>
    internal Span<float> Tensor(string name, int length)
    {
        if (!Tensors.TryGetValue(name, out var tensor))
        {
            throw new ArgumentException($"The state has no tensor '{name}': another noise scheduler made it.");
        }

        return tensor.Length == length
            ? tensor
            : throw new ArgumentException($"The state's tensor '{name}' has {tensor.Length} elements, the sample {length}.");
    }

    /// <summary>A counter from 0 to a maximum.</summary>
    /// <exception cref="ArgumentException">The state was not made by this noise scheduler.</exception>
    internal int Counter(string name, int maximum)
    {
        if (!Counters.TryGetValue(name, out var value))
        {
            throw new ArgumentException($"The state has no counter '{name}': another noise scheduler made it.");
        }

        return value >= 0 && value <= maximum
            ? (int)value
            : throw new ArgumentException($"The state's counter '{name}' is {value}. Accepted: 0 to {maximum}.");
    }
}

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
