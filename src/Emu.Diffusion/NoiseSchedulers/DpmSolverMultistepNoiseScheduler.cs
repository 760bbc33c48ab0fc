using System.Numerics.Tensors;

namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// DPM-Solver++(kM) for k = 1, 2, 3 (Lu et al., arXiv 2211.01095, algorithm 2): a multistep exponential integrator that
/// extrapolates the predicted clean sample in λ = ln(α/σ). One evaluation a step.
/// </summary>
public sealed class DpmSolverMultistepNoiseScheduler : INoiseScheduler
{
    private const string Remembered = "remembered";

    private readonly MultistepPlan _plan;
    private readonly NoiseSchedulerConfiguration _configuration;
    private readonly bool _heun;
    private readonly string[] _history;

    /// <summary>Plans the steps.</summary>
    /// <param name="configuration">The configuration; defaults as diffusers' <c>DPMSolverMultistepScheduler</c>.</param>
    /// <param name="steps">Denoising steps, 1 to the timesteps of training.</param>
    /// <exception cref="NoiseSchedulerConfigurationException">The configuration does not fit this noise scheduler.</exception>
    public DpmSolverMultistepNoiseScheduler(NoiseSchedulerConfiguration configuration, int steps)
    {
        _plan = MultistepPlan.Create(configuration, steps, sigmaMinFromPlan: false);
        _configuration = configuration;
        if (configuration.AlgorithmType is not (null or "dpmsolver++"))
        {
            throw new NoiseSchedulerConfigurationException($"'algorithm_type' is '{configuration.AlgorithmType}'. Accepted: dpmsolver++.");
        }

        MultistepPlan.CheckOrder(configuration.SolverOrder);

        // DDPM's "fixed_small" may stand in a configuration that another class wrote; it says nothing here.
        if (configuration.VarianceType is "learned" or "learned_range")
        {
            throw new NoiseSchedulerConfigurationException($"'variance_type' is '{configuration.VarianceType}': learned variances are not supported.");
        }

        _heun = configuration.SolverType switch
        {
            "heun" => true,
            null or "midpoint" or "logrho" or "bh1" or "bh2" => false,
            _ => throw new NoiseSchedulerConfigurationException($"'solver_type' is '{configuration.SolverType}'. Accepted: midpoint, heun."),
        };
        _history = [.. Enumerable.Range(1, configuration.SolverOrder - 1).Select(age => $"clean.{age}")];
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
    public NoiseSchedulerState CreateState(int elementCount) => NoiseSchedulerState.Create(elementCount, _history, [Remembered]);

    /// <inheritdoc/>
    public void Step(int step, ReadOnlySpan<float> modelOutput, Span<float> sample, ReadOnlySpan<float> noise, NoiseSchedulerState state)
    {
        StepArguments.Check(this, step, modelOutput, sample, noise);
        ArgumentNullException.ThrowIfNull(state);
        var remembered = state.Counter(Remembered, _history.Length);
        var weights = Weights(step, Order(step, remembered));
        var clean = Prediction.Clean(_plan.Prediction, _plan.Alpha(step), _plan.Sigma(step));
        var previous = _history.Length > 0 ? state.Tensor(_history[0], sample.Length) : default;
        var beforePrevious = _history.Length > 1 ? state.Tensor(_history[1], sample.Length) : default;

        Span<float> scratch = stackalloc float[LinearCombination.ChunkLength];
        for (var start = 0; start < sample.Length; start += LinearCombination.ChunkLength)
        {
            var chunk = new Range(start, Math.Min(start + LinearCombination.ChunkLength, sample.Length));
            var x = sample[chunk];
            var current = scratch[..x.Length];
            LinearCombination.Evaluate(clean, x, modelOutput[chunk], current);
            TensorPrimitives.Multiply(x, (float)weights.Sample, x);
            LinearCombination.Add(x, current, weights.Current);
            if (_history.Length > 0)
            {
                LinearCombination.Add(x, previous[chunk], weights.Previous);
                if (_history.Length > 1)
                {
                    LinearCombination.Add(x, beforePrevious[chunk], weights.BeforePrevious);
                    previous[chunk].CopyTo(beforePrevious[chunk]);
                }

                current.CopyTo(previous[chunk]);
            }
        }

        state.Counters[Remembered] = Math.Min(remembered + 1, _history.Length);
    }

    /// <inheritdoc/>
    public void AddNoise(ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, float timestep, Span<float> destination) =>
        _plan.AddNoise(clean, noise, timestep, destination);

    /// <summary>Lower orders while there is no history, and at the end of short plans or where no noise is left (λ = ∞).</summary>
    private int Order(int step, int remembered)
    {
        var left = StepCount - step;
        var lowerAtEnd = _configuration.LowerOrderFinal && StepCount < 15;
        var order = Math.Min(_configuration.SolverOrder, remembered + 1);
        return left switch
        {
            1 when lowerAtEnd || _configuration.EulerAtFinal || _configuration.FinalSigma == FinalSigma.Zero => 1,
            2 when lowerAtEnd => Math.Min(order, 2),
            _ => order,
        };
    }

    /// <summary>The weights of the sample and of the clean samples predicted now and before.</summary>
    private (double Sample, double Current, double Previous, double BeforePrevious) Weights(int step, int order)
    {
        var alpha = _plan.Alpha(step + 1);
        var sample = _plan.Sigma(step + 1) / _plan.Sigma(step);
        var h = _plan.Lambda(step + 1) - _plan.Lambda(step);
        var decay = Math.Exp(-h) - 1;
        var zeroth = alpha - (sample * _plan.Alpha(step));
        if (order == 1)
        {
            return (sample, zeroth, 0, 0);
        }

        // −α·(e⁻ʰ − 1) is the weight above. First differences D1 = (m0 − m1)/r0, weighted by the integral of λ·e^λ (Heun) or by half the zeroth (midpoint).
        var r0 = (_plan.Lambda(step) - _plan.Lambda(step - 1)) / h;
        var first = alpha * ((decay / h) + 1);
        if (order == 2)
        {
            var slope = (_heun ? first : zeroth / 2) / r0;
            return (sample, zeroth + slope, -slope, 0);
        }

        // D1 = D10 + r0/(r0 + r1)·(D10 − D11) and D2 = (D10 − D11)/(r0 + r1), with D10 = (m0 − m1)/r0 and D11 = (m1 − m2)/r1.
        var r1 = (_plan.Lambda(step - 1) - _plan.Lambda(step - 2)) / h;
        var second = -alpha * (((decay + h) / (h * h)) - 0.5);
        var curvature = ((first * r0) + second) / (r0 + r1);
        var d10 = (first + curvature) / r0;
        var d11 = -curvature / r1;
        return (sample, zeroth + d10, d11 - d10, -d11);
    }
}
