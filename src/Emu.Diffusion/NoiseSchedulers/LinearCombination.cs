using System.Numerics.Tensors;

namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>Elementwise arithmetic on samples, in place and without allocation.</summary>
internal static class LinearCombination
{
    /// <summary>Elements worked on at once where an intermediate is needed: it stays on the stack and in the first-level cache.</summary>
    public const int ChunkLength = 1024;

    /// <summary>destination = a·destination + b·other.</summary>
    public static void Update(Span<float> destination, double a, ReadOnlySpan<float> other, double b)
    {
        TensorPrimitives.Multiply(destination, (float)a, destination);
        Add(destination, other, b);
    }

    /// <summary>destination += b·other; nothing where b is 0, so that an absent term cannot spread infinities.</summary>
    public static void Add(Span<float> destination, ReadOnlySpan<float> other, double b)
    {
        if (b != 0)
        {
            TensorPrimitives.MultiplyAdd(other, (float)b, destination, destination);
        }
    }

    /// <summary>destination = form(sample, output); destination overlaps neither.</summary>
    public static void Evaluate(LinearForm form, ReadOnlySpan<float> sample, ReadOnlySpan<float> output, Span<float> destination)
    {
        TensorPrimitives.Multiply(sample, (float)form.Sample, destination);
        Add(destination, output, form.Output);
    }
}

/// <summary>The combination Sample·x + Output·f of a sample x and a network's output f.</summary>
internal readonly record struct LinearForm(double Sample, double Output)
{
    public static LinearForm operator +(LinearForm left, LinearForm right) => new(left.Sample + right.Sample, left.Output + right.Output);

    public static LinearForm operator *(double factor, LinearForm form) => new(factor * form.Sample, factor * form.Output);
}

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

/// <summary>
/// One step through the clean sample that the network predicts: x' = Direct(x, f) + CleanWeight·clip(Clean(x, f)) + NoiseWeight·z,
/// for a sample x, an output f and fresh noise z. Without clipping it is a single linear combination.
/// </summary>
internal readonly record struct DenoisingMove(LinearForm Direct, LinearForm Clean, double CleanWeight, double NoiseWeight = 0)
{
    /// <summary>Moves the sample in place.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="output">The network's output.</param>
    /// <param name="noise">Fresh unit noise where <see cref="NoiseWeight"/> is not 0.</param>
    /// <param name="clip">The bound that the clean sample keeps within; null for none.</param>
    public void Apply(Span<float> sample, ReadOnlySpan<float> output, ReadOnlySpan<float> noise, float? clip)
    {
        if (clip is { } bound)
        {
            ApplyClipped(sample, output, bound);
        }
        else
        {
            var whole = Direct + (CleanWeight * Clean);
            LinearCombination.Update(sample, whole.Sample, output, whole.Output);
        }

        LinearCombination.Add(sample, noise, NoiseWeight);
    }

    private void ApplyClipped(Span<float> sample, ReadOnlySpan<float> output, float bound)
    {
        Span<float> scratch = stackalloc float[LinearCombination.ChunkLength];
        for (var start = 0; start < sample.Length; start += LinearCombination.ChunkLength)
        {
            var length = Math.Min(LinearCombination.ChunkLength, sample.Length - start);
            var x = sample.Slice(start, length);
            var f = output.Slice(start, length);
            var clean = scratch[..length];
            LinearCombination.Evaluate(Clean, x, f, clean);
            TensorPrimitives.Clamp(clean, -bound, bound, clean);
            LinearCombination.Update(x, Direct.Sample, f, Direct.Output);
            LinearCombination.Add(x, clean, CleanWeight);
        }
    }
}
