using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Sessions;

/// <summary>A named input of a single run: floating-point or whole numbers, converted to the graph's own element type.</summary>
public sealed class GraphInput
{
    private readonly ReadOnlyMemory<float> _floats;
    private readonly ReadOnlyMemory<int> _integers;
    private readonly bool _isFloat;

    /// <summary>An input of floating-point numbers.</summary>
    public GraphInput(string name, FloatTensor tensor)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(tensor);
        Name = name;
        Shape = tensor.Shape;
        _floats = tensor.Data;
        _isFloat = true;
    }

    /// <summary>An input of whole numbers, such as token ids.</summary>
    public GraphInput(string name, TensorShape shape, ReadOnlyMemory<int> integers)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentOutOfRangeException.ThrowIfNotEqual(integers.Length, shape.ElementCount);
        Name = name;
        Shape = shape;
        _integers = integers;
    }

    /// <summary>The graph's name for it.</summary>
    public string Name { get; }

    /// <summary>The shape.</summary>
    public TensorShape Shape { get; }

    internal void WriteTo(BoundTensor tensor)
    {
        if (_isFloat)
        {
            tensor.Write(0, _floats.Span);
        }
        else
        {
            tensor.Write(0, _integers.Span);
        }
    }
}
