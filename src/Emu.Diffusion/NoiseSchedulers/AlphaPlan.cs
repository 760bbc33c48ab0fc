namespace Emu.Diffusion.NoiseSchedulers;

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
        this._finalAlpha = finalAlpha;
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
