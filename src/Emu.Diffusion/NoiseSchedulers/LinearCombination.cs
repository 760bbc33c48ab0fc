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
