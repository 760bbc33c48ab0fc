using System.Numerics.Tensors;

namespace Emu.Diffusion.NoiseSchedulers;

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
