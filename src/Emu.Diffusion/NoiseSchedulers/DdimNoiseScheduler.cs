using System.Numerics.Tensors;

namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// Denoising diffusion implicit models (Song, Meng, Ermon, arXiv 2010.02502, equation 12 with η = 0): deterministic, one
/// evaluation a step.
/// </summary>
public sealed class DdimNoiseScheduler : INoiseScheduler
{
    private readonly AlphaSchedule alphas;
    private readonly int[] timesteps;
    private readonly Move[] moves;
    private readonly float? clip;

    /// <summary>Plans the steps.</summary>
    /// <param name="configuration">The configuration; defaults as diffusers' <c>DDIMScheduler</c>.</param>
    /// <param name="steps">Denoising steps, 1 to the timesteps of training.</param>
    /// <exception cref="NoiseSchedulerConfigurationException">The configuration does not fit this noise scheduler.</exception>
    public DdimNoiseScheduler(NoiseSchedulerConfiguration configuration, int steps)
    {
        var plan = AlphaPlan.Create(configuration, steps, "DDIM", setAlphaToOne: true);
        (alphas, timesteps) = (plan.Alphas, plan.Timesteps);
        clip = configuration.ClipSample ?? true ? (float)configuration.ClipSampleRange : null;
        moves = [.. timesteps.Select(timestep => new Move(plan, timestep))];
    }

    /// <inheritdoc/>
    public int StepCount => timesteps.Length;

    /// <inheritdoc/>
    public float InitialNoiseScale => 1;

    /// <inheritdoc/>
    public float GetTimestep(int step) => timesteps[step];

    /// <inheritdoc/>
    public float GetModelInputScale(int step) => 1;

    /// <inheritdoc/>
    public bool DrawsNoise(int step) => false;

    /// <inheritdoc/>
    public NoiseSchedulerState CreateState(int elementCount) => NoiseSchedulerState.Empty();

    /// <inheritdoc/>
    public void Step(int step, ReadOnlySpan<float> modelOutput, Span<float> sample, ReadOnlySpan<float> noise, NoiseSchedulerState state)
    {
        StepArguments.Check(this, step, modelOutput, sample, noise);
        var move = moves[step];
        if (clip is null)
        {
            var whole = (move.CleanWeight * move.Clean) + (move.NoiseWeight * move.Noise);
            LinearCombination.Update(sample, whole.Sample, modelOutput, whole.Output);
            return;
        }

        Span<float> scratch = stackalloc float[LinearCombination.ChunkLength];
        for (var start = 0; start < sample.Length; start += LinearCombination.ChunkLength)
        {
            var length = Math.Min(LinearCombination.ChunkLength, sample.Length - start);
            var x = sample.Slice(start, length);
            var output = modelOutput.Slice(start, length);
            var clean = scratch[..length];
            LinearCombination.Evaluate(move.Clean, x, output, clean);
            TensorPrimitives.Clamp(clean, -clip.Value, clip.Value, clean);

            // The noise is the network's own, not what the clipped sample would leave.
            LinearCombination.Update(x, move.NoiseWeight * move.Noise.Sample, output, move.NoiseWeight * move.Noise.Output);
            LinearCombination.Add(x, clean, move.CleanWeight);
        }
    }

    /// <inheritdoc/>
    public void AddNoise(ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, float timestep, Span<float> destination) =>
        CumulativeAlphaNoising.AddNoise(alphas, clean, noise, timestep, destination);

    /// <summary>x' = √ᾱ'·x₀ + √(1 − ᾱ')·ε, with x₀ and ε from the sample and the output.</summary>
    private readonly struct Move(AlphaPlan plan, int timestep)
    {
        public LinearForm Clean { get; } = plan.Clean(timestep);

        public LinearForm Noise { get; } = plan.Noise(timestep);

        public double CleanWeight { get; } = Math.Sqrt(plan.AlphaBefore(timestep));

        public double NoiseWeight { get; } = Math.Sqrt(1 - plan.AlphaBefore(timestep));
    }
}
