using System.Collections;
using System.Runtime.CompilerServices;

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

/// <summary>The sizes of a tensor's axes, outermost first: <c>[batch, channels, height, width]</c>. An empty shape is a scalar.</summary>
[CollectionBuilder(typeof(TensorShape), nameof(Create))]
public sealed class TensorShape : IReadOnlyList<int>, IEquatable<TensorShape>
{
    private readonly int[] _sizes;

    private TensorShape(int[] sizes)
    {
        long count = 1;
        foreach (var size in sizes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(sizes));
            count *= size;
            if (count > Array.MaxLength)
            {
                throw new ArgumentOutOfRangeException(nameof(sizes), $"A tensor of shape [{string.Join(", ", sizes)}] has more elements than an array holds ({Array.MaxLength}).");
            }
        }

        _sizes = sizes;
        ElementCount = (int)count;
    }

    /// <summary>How many elements a tensor of this shape has: the product of the sizes.</summary>
    public int ElementCount { get; }

    /// <summary>The number of axes.</summary>
    public int Count => _sizes.Length;

    /// <summary>The size of an axis.</summary>
    public int this[int axis] => _sizes[axis];

    /// <summary>Creates a shape; lets a collection expression be one: <c>TensorShape shape = [1, 8, 16, 16];</c>.</summary>
    /// <param name="sizes">The sizes, none negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or the elements are more than an array holds.</exception>
    public static TensorShape Create(ReadOnlySpan<int> sizes) => new(sizes.ToArray());

    /// <summary>This shape with another size of the first axis.</summary>
    public TensorShape WithBatch(int batch)
    {
        int[] sizes = [.. _sizes];
        sizes[0] = batch;
        return new(sizes);
    }

    /// <summary>The sizes as ONNX Runtime takes them.</summary>
    public long[] ToInt64Array() => Array.ConvertAll(_sizes, size => (long)size);

    /// <inheritdoc/>
    public bool Equals(TensorShape? other) => other is not null && _sizes.AsSpan().SequenceEqual(other._sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TensorShape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (var size in _sizes)
        {
            hash.Add(size);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_sizes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _sizes.GetEnumerator();

    /// <summary>The shape as it is written in messages: <c>[1, 8, 16, 16]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", _sizes)}]";
}
