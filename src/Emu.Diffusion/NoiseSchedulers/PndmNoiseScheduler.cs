using System.Numerics.Tensors;

namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// Pseudo numerical methods for diffusion models (Liu et al., arXiv 2202.09778): three steps of the pseudo Runge-Kutta method
/// (four evaluations each, equation 13), then the pseudo linear multistep method (equation 12); or the multistep method alone,
/// warmed up by lower orders, as Stable Diffusion uses it.
/// </summary>
/// <remarks>
/// What is averaged is the network's output, as in diffusers. Unlike there, zero-terminal-SNR rescaling is followed.
/// </remarks>
public sealed class PndmNoiseScheduler : INoiseScheduler
{
    private const string Remembered = "remembered";
    private const string BlockSample = "sample";
    private const string BlockSum = "sum";

    /// <summary>Adams-Bashforth weights by order, newest output first.</summary>
    private static readonly double[][] MultistepWeights =
    [
        [1],
        [3 / 2.0, -1 / 2.0],
        [23 / 12.0, -16 / 12.0, 5 / 12.0],
        [55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0],
    ];

    private static readonly string[] History = ["output.1", "output.2", "output.3"];

    private readonly AlphaPlan _plan;
    private readonly PndmStep[] _steps;

    /// <summary>Plans the steps.</summary>
    /// <param name="configuration">The configuration; defaults as diffusers' <c>PNDMScheduler</c>.</param>
    /// <param name="steps">Denoising steps, 1 to the timesteps of training, at least 4 with the Runge-Kutta warm-up; evaluations are more.</param>
    /// <exception cref="NoiseSchedulerConfigurationException">The configuration does not fit this noise scheduler.</exception>
    public PndmNoiseScheduler(NoiseSchedulerConfiguration configuration, int steps)
    {
        _plan = AlphaPlan.Create(configuration, steps, "PNDM", setAlphaToOne: false);
        if (_plan.Prediction == PredictionType.Sample)
        {
            throw new NoiseSchedulerConfigurationException("'prediction_type' sample is not supported by PNDM. Accepted: epsilon, v_prediction.");
        }

        _steps = PndmStep.Plan(_plan, configuration.SkipPrkSteps);
    }

    /// <inheritdoc/>
    public int StepCount => _steps.Length;

    /// <inheritdoc/>
    public float InitialNoiseScale => 1;

    /// <inheritdoc/>
    public float GetTimestep(int step) => _steps[step].Timestep;

    /// <inheritdoc/>
    public float GetModelInputScale(int step) => 1;

    /// <inheritdoc/>
    public bool DrawsNoise(int step) => false;

    /// <inheritdoc/>
    public NoiseSchedulerState CreateState(int elementCount) =>
        NoiseSchedulerState.Create(elementCount, [.. History, BlockSample, BlockSum], [Remembered]);

    /// <inheritdoc/>
    public void Step(int step, ReadOnlySpan<float> modelOutput, Span<float> sample, ReadOnlySpan<float> noise, NoiseSchedulerState state)
    {
        StepArguments.Check(this, step, modelOutput, sample, noise);
        ArgumentNullException.ThrowIfNull(state);
        var current = _steps[step];
        if (current.Kind is not (PndmStepKind.Multistep or PndmStepKind.RungeKuttaFirst) && state.Counter(Remembered, History.Length) == 0)
        {
            throw new ArgumentException($"PNDM cannot begin at step {step}, which goes on from the one before.", nameof(step));
        }

        var move = _plan.Transfer(current.From, current.To);
        var whole = move.Direct + (move.CleanWeight * move.Clean);
        switch (current.Kind)
        {
            case PndmStepKind.Multistep:
                StepMultistep(whole, modelOutput, sample, state);
                break;
            case PndmStepKind.Correction:
                StepCorrection(whole, modelOutput, sample, state);
                break;
            default:
                StepRungeKutta(current.Kind, whole, modelOutput, sample, state);
                break;
        }
    }

    /// <inheritdoc/>
    public void AddNoise(ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, float timestep, Span<float> destination) =>
        _plan.Alphas.AddNoise(clean, noise, timestep, destination);

    private static void StepMultistep(LinearForm whole, ReadOnlySpan<float> output, Span<float> sample, NoiseSchedulerState state)
    {
        var remembered = state.Counter(Remembered, History.Length);
        if (remembered == 0)
        {
            sample.CopyTo(state.Tensor(BlockSample, sample.Length));
        }

        var weights = MultistepWeights[remembered];
        LinearCombination.Update(sample, whole.Sample, output, whole.Output * weights[0]);
        for (var age = 1; age < weights.Length; age++)
        {
            LinearCombination.Add(sample, state.Tensor(History[age - 1], sample.Length), whole.Output * weights[age]);
        }

        Remember(output, state);
    }

    /// <summary>The first step once more, by the mean of the outputs at its two ends.</summary>
    private static void StepCorrection(LinearForm whole, ReadOnlySpan<float> output, Span<float> sample, NoiseSchedulerState state)
    {
        state.Tensor(BlockSample, sample.Length).CopyTo(sample);
        LinearCombination.Update(sample, whole.Sample, output, whole.Output / 2);
        LinearCombination.Add(sample, state.Tensor(History[0], sample.Length), whole.Output / 2);
    }

    private static void StepRungeKutta(PndmStepKind kind, LinearForm whole, ReadOnlySpan<float> output, Span<float> sample, NoiseSchedulerState state)
    {
        var start = state.Tensor(BlockSample, sample.Length);
        var sum = state.Tensor(BlockSum, sample.Length);
        switch (kind)
        {
            case PndmStepKind.RungeKuttaFirst:
                sample.CopyTo(start);
                TensorPrimitives.Multiply(output, 1 / 6f, sum);
                Remember(output, state);
                break;
            case PndmStepKind.RungeKuttaLast:
                LinearCombination.Add(sum, output, 1 / 6.0);
                output = sum;
                break;
            default:
                LinearCombination.Add(sum, output, 1 / 3.0);
                break;
        }

        start.CopyTo(sample);
        LinearCombination.Update(sample, whole.Sample, output, whole.Output);
    }

    private static void Remember(ReadOnlySpan<float> output, NoiseSchedulerState state)
    {
        for (var age = History.Length - 1; age > 0; age--)
        {
            state.Tensor(History[age - 1], output.Length).CopyTo(state.Tensor(History[age], output.Length));
        }

        output.CopyTo(state.Tensor(History[0], output.Length));
        state.Counters[Remembered] = Math.Min(state.Counter(Remembered, History.Length) + 1, History.Length);
    }
}

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

/// <summary>What an evaluation of the network is to PNDM.</summary>
internal enum PndmStepKind
{
    /// <summary>A step of the pseudo linear multistep method.</summary>
    Multistep,

    /// <summary>The first multistep step once more, at its end.</summary>
    Correction,

    /// <summary>The first of a Runge-Kutta step's four evaluations, at its start.</summary>
    RungeKuttaFirst,

    /// <summary>The second or third, half way.</summary>
    RungeKuttaMiddle,

    /// <summary>The last, at its end.</summary>
    RungeKuttaLast,
}
