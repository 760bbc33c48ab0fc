using Emu.Diffusion.Tensors;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Graphs;

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">The name.</param>
/// <param name="ElementType">The element type.</param>
/// <param name="Dimensions">The axes, outermost first; null if the file does not even declare a rank.</param>
public sealed record GraphValue(string Name, TensorElementType ElementType, IReadOnlyList<GraphDimension>? Dimensions)
{
    /// <summary>The number of axes; null if not declared.</summary>
    public int? Rank => Dimensions?.Count;

    /// <summary>The size of an axis if the file fixes it, else null.</summary>
    public int? FixedSize(int axis) => Dimensions is { } dimensions && axis < dimensions.Count ? (int?)dimensions[axis].Size : null;

    /// <summary>Whether a tensor of this shape may be fed: ranks agree, and so does every fixed size.</summary>
    public bool Accepts(TensorShape shape) => Dimensions is not { } dimensions
        || (dimensions.Count == shape.Count && !dimensions.Where((dimension, axis) => dimension.Size is { } size && size != shape[axis]).Any());

    /// <summary>As messages show it: <c>sample float[B, 8, 16, 16]</c>.</summary>
    public override string ToString() => $"{Name} {ElementType.ToString().ToLowerInvariant()}{(Dimensions is null ? "[…]" : $"[{string.Join(", ", Dimensions)}]")}";
}
