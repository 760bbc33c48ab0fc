namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// An immutable plan of denoising steps: the timesteps to visit and the arithmetic between them. What a multistep method
/// remembers lives in a <see cref="NoiseSchedulerState"/>, which can be saved after any step and restored.
/// </summary>
/// <remarks>Element order is row-major throughout; every span has the sample's length. Safe for concurrent use with different states.</remarks>
public interface INoiseScheduler
{
    /// <summary>Evaluations of the network in all. Usually the steps asked for; PNDM's warm-up and second-order methods take more.</summary>
    int StepCount { get; }

    /// <summary>The starting sample is unit noise times this.</summary>
    float InitialNoiseScale { get; }

    /// <summary>The timestep handed to the network at a step (from 0).</summary>
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
