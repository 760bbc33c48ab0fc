using System.Numerics.Tensors;

namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// UniPC of order 1 to 3 (Zhao et al., arXiv 2302.04867, algorithms 1 and 2): each output first corrects the sample it was
/// computed for, then predicts the next one. One evaluation a step.
/// </summary>
public sealed class UniPcNoiseScheduler : INoiseScheduler
{
    private const string Remembered = "remembered";
    private const string LastOrder = "order";
    private const string LastSample = "sample";

    private readonly MultistepPlan _plan;
    private readonly NoiseSchedulerConfiguration _configuration;
    private readonly UniPcWeights _weights;
    private readonly string[] _history;

    /// <summary>Plans the steps.</summary>
    /// <param name="configuration">The configuration; defaults as diffusers' <c>UniPCMultistepScheduler</c>.</param>
    /// <param name="steps">Denoising steps, 1 to the timesteps of training.</param>
    /// <exception cref="NoiseSchedulerConfigurationException">The configuration does not fit this noise scheduler.</exception>
    public UniPcNoiseScheduler(NoiseSchedulerConfiguration configuration, int steps)
    {
        _plan = MultistepPlan.Create(configuration with { LambdaMinClipped = double.NegativeInfinity }, steps, sigmaMinFromPlan: true);
        MultistepPlan.CheckOrder(configuration.SolverOrder);
        _configuration = configuration;
        var linear = configuration.SolverType switch
        {
            "bh1" => true,
            null or "bh2" or "midpoint" or "heun" or "logrho" => false,
            _ => throw new NoiseSchedulerConfigurationException($"'solver_type' is '{configuration.SolverType}'. Accepted: bh1, bh2."),
        };
        _weights = new UniPcWeights(_plan, configuration.PredictX0, linear);
        _history = [.. Enumerable.Range(1, configuration.SolverOrder).Select(age => $"output.{age}")];
    }

    /// <inheritdoc/>
    public int StepCount => _plan.StepCount;

    /// <inheritdoc/>
    public float InitialNoiseScale => 1;

    /// <inheritdoc/>
    public float GetTimestep(int step) => _plan.Timesteps[step];

    /// <inheritdoc/>
    public float GetModelInputScale(int step) => 1;

    /// <inheritdoc/>
    public bool DrawsNoise(int step) => false;

    /// <inheritdoc/>
    public NoiseSchedulerState CreateState(int elementCount) =>
        NoiseSchedulerState.Create(elementCount, [.. _history, LastSample], [Remembered, LastOrder]);

    /// <inheritdoc/>
    public void Step(int step, ReadOnlySpan<float> modelOutput, Span<float> sample, ReadOnlySpan<float> noise, NoiseSchedulerState state)
    {
        StepArguments.Check(this, step, modelOutput, sample, noise);
        ArgumentNullException.ThrowIfNull(state);
        var remembered = state.Counter(Remembered, _history.Length);
        var order = Order(step, remembered);
        var last = state.Tensor(LastSample, sample.Length);

        // Weights of the sample, the output and the outputs before it, newest first.
        Span<double> corrector = stackalloc double[2 + UniPcWeights.MaximumOrder];
        Span<double> predictor = stackalloc double[2 + UniPcWeights.MaximumOrder];
        var corrects = step > 0 && remembered > 0 && !_configuration.DisableCorrector.Contains(step - 1);
        if (corrects)
        {
            _weights.Correct(step, state.Counter(LastOrder, _history.Length), corrector);
        }

        _weights.Predict(step, order, predictor);
        var prediction = _configuration.PredictX0
            ? Prediction.Clean(_plan.Prediction, _plan.Alpha(step), _plan.Sigma(step))
            : Prediction.Noise(_plan.Prediction, _plan.Alpha(step), _plan.Sigma(step));

        Span<float> scratch = stackalloc float[LinearCombination.ChunkLength];
        for (var start = 0; start < sample.Length; start += LinearCombination.ChunkLength)
        {
            var chunk = new Range(start, Math.Min(start + LinearCombination.ChunkLength, sample.Length));
            var x = sample[chunk];
            var current = scratch[..x.Length];
            LinearCombination.Evaluate(prediction, x, modelOutput[chunk], current);
            if (corrects)
            {
                last[chunk].CopyTo(x);
                Combine(x, current, state, chunk, corrector);
            }

            x.CopyTo(last[chunk]);
            Combine(x, current, state, chunk, predictor);
            Remember(current, state, chunk);
        }

        state.Counters[Remembered] = Math.Min(remembered + 1, _history.Length);
        state.Counters[LastOrder] = order;
    }

    /// <inheritdoc/>
    public void AddNoise(ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, float timestep, Span<float> destination) =>
        _plan.AddNoise(clean, noise, timestep, destination);

    private int Order(int step, int remembered)
    {
        var left = StepCount - step;
        var order = Math.Min(_configuration.SolverOrder, remembered + 1);

        // Where no noise is left λ is infinite, and only the first order means anything.
        return _configuration.LowerOrderFinal ? Math.Min(order, left)
            : left == 1 && _configuration.FinalSigma == FinalSigma.Zero ? 1
            : order;
    }

    private void Combine(Span<float> x, ReadOnlySpan<float> current, NoiseSchedulerState state, Range chunk, ReadOnlySpan<double> by)
    {
        TensorPrimitives.Multiply(x, (float)by[0], x);
        LinearCombination.Add(x, current, by[1]);
        for (var age = 0; age < _history.Length; age++)
        {
            LinearCombination.Add(x, state.Tensors[_history[age]].AsSpan(chunk), by[2 + age]);
        }
    }

    private void Remember(ReadOnlySpan<float> current, NoiseSchedulerState state, Range chunk)
    {
        for (var age = _history.Length - 1; age > 0; age--)
        {
            state.Tensors[_history[age - 1]].AsSpan(chunk).CopyTo(state.Tensors[_history[age]].AsSpan(chunk));
        }

        current.CopyTo(state.Tensors[_history[0]].AsSpan(chunk));
    }
}
