namespace Emu.Diffusion.Tensors;

/// <summary>A dense float32 tensor in row-major order: latents, embeddings, pictures. The shape is fixed, the elements are not.</summary>
public sealed class FloatTensor
{
    /// <summary>Creates a tensor of zeros.</summary>
    public FloatTensor(TensorShape shape)
        : this(shape, new float[(shape ?? throw new ArgumentNullException(nameof(shape))).ElementCount])
    {
    }

    /// <summary>Wraps elements without copying them.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="data">As many elements as the shape has.</param>
    /// <exception cref="ArgumentException">The number of elements is another.</exception>
    public FloatTensor(TensorShape shape, Memory<float> data)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (data.Length != shape.ElementCount)
        {
            throw new ArgumentException($"Shape {shape} has {shape.ElementCount} elements, but {data.Length} were given.", nameof(data));
        }

        Shape = shape;
        Data = data;
    }

    /// <summary>The shape.</summary>
    public TensorShape Shape { get; }

    /// <summary>The elements.</summary>
    public Memory<float> Data { get; }

    /// <summary>The elements.</summary>
    public Span<float> Span => Data.Span;

    /// <summary>The same elements under another shape.</summary>
    /// <exception cref="ArgumentException">The other shape has another number of elements.</exception>
    public FloatTensor Reshape(TensorShape shape) => new(shape, Data);

    /// <summary>A part of the first axis, sharing its elements: entries <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part lies outside.</exception>
    public FloatTensor Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Shape[0] - count);
        var stride = Shape[0] == 0 ? 0 : Shape.ElementCount / Shape[0];
        return new(Shape.WithBatch(count), Data.Slice(start * stride, count * stride));
    }

    /// <summary>A copy that shares nothing.</summary>
    public FloatTensor Clone() => new(Shape, Data.ToArray());
}
