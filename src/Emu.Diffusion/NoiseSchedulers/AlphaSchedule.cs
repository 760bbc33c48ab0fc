namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// ᾱ at every training timestep: a sample noised to timestep t is √ᾱ·x₀ + √(1 − ᾱ)·ε. Computed in double precision.
/// </summary>
internal sealed class AlphaSchedule
{
    /// <summary>What ᾱ = 0 becomes where noise is measured as σ = √((1 − ᾱ)/ᾱ), as in diffusers: float16's smallest number.</summary>
    private const double SmallestAlpha = 1.0 / (1 << 24);

    private readonly double[] _cumulative;

    private AlphaSchedule(double[] cumulative) => _cumulative = cumulative;

    /// <summary>Training timesteps, N.</summary>
    public int Count => _cumulative.Length;

    /// <summary>ᾱ at a training timestep, 0 to N − 1.</summary>
    public double this[int timestep] => _cumulative[timestep];

    /// <summary>Builds the schedule that a configuration describes.</summary>
    /// <exception cref="NoiseSchedulerConfigurationException">The betas do not make a schedule.</exception>
    public static AlphaSchedule Create(NoiseSchedulerConfiguration configuration)
    {
        var cumulative = Betas(configuration);
        var product = 1.0;
        for (var timestep = 0; timestep < cumulative.Length; timestep++)
        {
            product *= 1 - cumulative[timestep];
            cumulative[timestep] = product;
        }

        if (configuration.RescaleBetasZeroSnr)
        {
            RescaleToZeroTerminalSnr(cumulative);
        }

        return new AlphaSchedule(cumulative);
    }

    /// <summary>σ = √((1 − ᾱ)/ᾱ) at every training timestep, rising; finite, since ᾱ = 0 is read as 2⁻²⁴.</summary>
    public double[] ToSigmas()
    {
        var sigmas = new double[Count];
        for (var timestep = 0; timestep < Count; timestep++)
        {
            var alpha = _cumulative[timestep] > 0 ? _cumulative[timestep] : SmallestAlpha;
            sigmas[timestep] = Math.Sqrt((1 - alpha) / alpha);
        }

        return sigmas;
    }

    /// <summary>destination = √ᾱ·clean + √(1 − ᾱ)·noise.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The timestep is not a whole one of training.</exception>
    public void AddNoise(ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, float timestep, Span<float> destination)
    {
        StepArguments.CheckNoising(clean, noise, destination);
        if (!float.IsInteger(timestep) || timestep < 0 || timestep >= Count)
        {
            throw new ArgumentOutOfRangeException(nameof(timestep), timestep, $"Accepted: whole timesteps from 0 to {Count - 1}.");
        }

        var alpha = _cumulative[(int)timestep];
        LinearCombination.Evaluate(new LinearForm(Math.Sqrt(alpha), Math.Sqrt(1 - alpha)), clean, noise, destination);
    }

    /// <summary>Refuses to predict noise where nothing but noise is left.</summary>
    /// <exception cref="NoiseSchedulerConfigurationException">ᾱ is 0 at a timestep, and the network predicts ε.</exception>
    public void RequireSignal(PredictionType prediction, int[] timesteps)
    {
        foreach (var timestep in timesteps)
        {
            if (prediction == PredictionType.Epsilon && _cumulative[timestep] <= 0)
            {
                throw new NoiseSchedulerConfigurationException(
                    $"'prediction_type' epsilon is undefined at timestep {timestep}, where the signal is 0. Accepted there: v_prediction, sample.");
            }
        }
    }

    private static double[] Betas(NoiseSchedulerConfiguration configuration)
    {
        if (configuration.TrainedBetas is { } trained)
        {
            return [.. trained];
        }

        var count = configuration.TrainTimesteps;
        var start = configuration.BetaStart ?? 0.0001;
        var end = configuration.BetaEnd ?? 0.02;
        var betas = new double[count];
        for (var timestep = 0; timestep < count; timestep++)
        {
            var position = count == 1 ? 0 : (double)timestep / (count - 1);
            betas[timestep] = (configuration.BetaSchedule ?? BetaSchedule.Linear) switch
            {
                BetaSchedule.Linear => start + (position * (end - start)),
                BetaSchedule.ScaledLinear => Math.Pow(Math.Sqrt(start) + (position * (Math.Sqrt(end) - Math.Sqrt(start))), 2),
                _ => Math.Min(1 - (SquaredCosine(timestep + 1, count) / SquaredCosine(timestep, count)), 0.999),
            };
        }

        return betas;
    }

    private static double SquaredCosine(int timestep, int count) =>
        Math.Pow(Math.Cos((((double)timestep / count) + 0.008) / 1.008 * Math.PI / 2), 2);

    /// <summary>Lin et al., arXiv 2305.08891, algorithm 1: √ᾱ is shifted so that the last is 0, and scaled so that the first stays.</summary>
    private static void RescaleToZeroTerminalSnr(double[] cumulative)
    {
        var first = Math.Sqrt(cumulative[0]);
        var last = Math.Sqrt(cumulative[^1]);
        if (first <= last)
        {
            throw new NoiseSchedulerConfigurationException(
                "'rescale_betas_zero_snr' needs betas that add noise between the first and the last timestep.");
        }

        for (var timestep = 0; timestep < cumulative.Length; timestep++)
        {
            var root = (Math.Sqrt(cumulative[timestep]) - last) * first / (first - last);
            cumulative[timestep] = root * root;
        }
    }
}

/// <summary>Whole training timesteps to visit and the ᾱ around them: what DDIM, DDPM and PNDM share.</summary>
internal sealed class AlphaPlan
{
    private readonly double _finalAlpha;

    private AlphaPlan(AlphaSchedule alphas, int[] timesteps, double finalAlpha, PredictionType prediction)
    {
        Alphas = alphas;
        Timesteps = timesteps;
        Prediction = prediction;
        Stride = alphas.Count / timesteps.Length;
        _finalAlpha = finalAlpha;
    }

    public AlphaSchedule Alphas { get; }

    /// <summary>The timesteps, falling.</summary>
    public int[] Timesteps { get; }

    /// <summary>Timesteps from one step to the next: ⌊N/steps⌋ under every spacing, as in diffusers.</summary>
    public int Stride { get; }

    public PredictionType Prediction { get; }

    /// <param name="configuration">The configuration.</param>
    /// <param name="steps">Denoising steps.</param>
    /// <param name="name">The noise scheduler's name, for errors.</param>
    /// <param name="setAlphaToOne">The class's default for the ᾱ that the last step ends at.</param>
    public static AlphaPlan Create(NoiseSchedulerConfiguration configuration, int steps, string name, bool setAlphaToOne)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        TimestepGrid.CheckSteps(steps, configuration.TrainTimesteps);
        var prediction = configuration.RequireDiffusion(name);
        var alphas = AlphaSchedule.Create(configuration);
        var timesteps = TimestepGrid.Create(
            configuration.TimestepSpacing ?? TimestepSpacing.Leading, alphas.Count, steps, configuration.StepsOffset);
        alphas.RequireSignal(prediction, timesteps);
        return new AlphaPlan(alphas, timesteps, configuration.SetAlphaToOne ?? setAlphaToOne ? 1 : alphas[0], prediction);
    }

    /// <summary>ᾱ at a timestep; below 0, what the last step ends at.</summary>
    public double AlphaAt(int timestep) => timestep >= 0 ? Alphas[timestep] : _finalAlpha;

    /// <summary>x₀ at a visited timestep.</summary>
    public LinearForm Clean(int timestep) =>
        NoiseSchedulers.Prediction.Clean(Prediction, Math.Sqrt(Alphas[timestep]), Math.Sqrt(1 - Alphas[timestep]));

    /// <summary>ε at a visited timestep.</summary>
    public LinearForm Noise(int timestep) =>
        NoiseSchedulers.Prediction.Noise(Prediction, Math.Sqrt(Alphas[timestep]), Math.Sqrt(1 - Alphas[timestep]));

    /// <summary>The deterministic move x' = √ᾱ'·x₀ + √(1 − ᾱ')·ε between two timesteps (DDIM, equation 12; PNDM, equation 11).</summary>
    public DenoisingMove Transfer(int from, int to) =>
        new(Math.Sqrt(1 - AlphaAt(to)) * Noise(from), Clean(from), Math.Sqrt(AlphaAt(to)));
}
