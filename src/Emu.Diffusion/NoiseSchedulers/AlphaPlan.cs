namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>Whole training timesteps to visit and the ᾱ around them: what DDIM, DDPM and PNDM share.</summary>
internal sealed class AlphaPlan
{
    private readonly double finalAlpha;
    private readonly int stride;
    private readonly PredictionType prediction;

    private AlphaPlan(AlphaSchedule alphas, int[] timesteps, double finalAlpha, PredictionType prediction)
    {
        Alphas = alphas;
        Timesteps = timesteps;
        this.finalAlpha = finalAlpha;
        this.prediction = prediction;
        stride = alphas.Count / timesteps.Length;
    }

    public AlphaSchedule Alphas { get; }

    /// <summary>The timesteps, falling.</summary>
    public int[] Timesteps { get; }

    public static AlphaPlan Create(NoiseSchedulerConfiguration configuration, int steps, string name, bool setAlphaToOne)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        CheckSteps(steps, configuration.TrainTimesteps);
        var prediction = configuration.RequireDiffusion(name);
        var alphas = AlphaSchedule.Create(configuration);
        var timesteps = TimestepGrid.Create(
            configuration.TimestepSpacing ?? TimestepSpacing.Leading, alphas.Count, steps, configuration.StepsOffset);
        RequireDefined(prediction, alphas, timesteps);
        return new AlphaPlan(alphas, timesteps, configuration.SetAlphaToOne ?? setAlphaToOne ? 1 : alphas[0], prediction);
    }

    /// <summary>Refuses a number of steps that training's timesteps cannot hold.</summary>
    public static void CheckSteps(int steps, int trainTimesteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, trainTimesteps);
    }

    /// <summary>Refuses to predict noise where nothing but noise is left.</summary>
    public static void RequireDefined(PredictionType prediction, AlphaSchedule alphas, int[] timesteps)
    {
        if (prediction == PredictionType.Epsilon && Array.Find(timesteps, timestep => alphas[timestep] == 0) is > 0 and var timestep)
        {
            throw new NoiseSchedulerConfigurationException(
                $"'prediction_type' epsilon is undefined at timestep {timestep}, where the signal is 0. Accepted there: v_prediction, sample.");
        }
    }

    /// <summary>x₀ at a visited timestep.</summary>
    public LinearForm Clean(int timestep) =>
        Prediction.Clean(prediction, Math.Sqrt(Alphas[timestep]), Math.Sqrt(1 - Alphas[timestep]));

    /// <summary>ε at a visited timestep.</summary>
    public LinearForm Noise(int timestep) =>
        Prediction.Noise(prediction, Math.Sqrt(Alphas[timestep]), Math.Sqrt(1 - Alphas[timestep]));

    /// <summary>ᾱ one stride before a timestep, where a step ends; diffusers strides by ⌊N/steps⌋ under every spacing.</summary>
    public double AlphaBefore(int timestep) => timestep >= stride ? Alphas[timestep - stride] : finalAlpha;
}
