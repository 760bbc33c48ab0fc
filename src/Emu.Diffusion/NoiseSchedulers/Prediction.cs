namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>
/// What a network's output says about the clean sample and the noise, for x = α·x₀ + σ·ε. Every kind of prediction makes
/// both linear in the sample x and the output, so that a whole denoising step is one linear combination.
/// </summary>
internal static class Prediction
{
    /// <summary>x₀ as a combination of x and the output.</summary>
    public static LinearForm Clean(PredictionType type, double alpha, double sigma) => type switch
    {
        PredictionType.Epsilon => new LinearForm(1 / alpha, -sigma / alpha),
        PredictionType.VPrediction => new LinearForm(alpha, -sigma),
        PredictionType.Sample => new LinearForm(0, 1),
        _ => new LinearForm(1 / (alpha + sigma), -sigma / (alpha + sigma)),
    };

    /// <summary>ε as a combination of x and the output.</summary>
    public static LinearForm Noise(PredictionType type, double alpha, double sigma) => type switch
    {
        PredictionType.Epsilon => new LinearForm(0, 1),
        PredictionType.VPrediction => new LinearForm(sigma, alpha),
        PredictionType.Sample => new LinearForm(1 / sigma, -alpha / sigma),
        _ => new LinearForm(1 / (alpha + sigma), alpha / (alpha + sigma)),
    };
}
