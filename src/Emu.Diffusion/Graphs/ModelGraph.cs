using Emu.Diffusion.Tensors;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Emu.Diffusion.Graphs;

/// <summary>An ONNX graph on disk: what its file declares, read without loading any weight.</summary>
public sealed class ModelGraph
{
    internal ModelGraph(string name, string path, IReadOnlyList<GraphValue> inputs, IReadOnlyList<GraphValue> outputs, IReadOnlyList<string> externalFiles, long weightBytes)
    {
        Name = name;
        Path = path;
        Inputs = inputs;
        Outputs = outputs;
        ExternalFiles = externalFiles;
        FileBytes = weightBytes;
    }

    /// <summary>The graph's name in its package: its folder's, <c>unet</c>, or the folder's and its own where a folder holds several, <c>unet/clip</c>.</summary>
    public string Name { get; }

    /// <summary>The path of the <c>.onnx</c> file.</summary>
    public string Path { get; }

    /// <summary>The inputs that must be fed (initializers left out).</summary>
    public IReadOnlyList<GraphValue> Inputs { get; }

    /// <summary>The outputs.</summary>
    public IReadOnlyList<GraphValue> Outputs { get; }

    /// <summary>Files beside the graph that hold weights.</summary>
    public IReadOnlyList<string> ExternalFiles { get; }

    /// <summary>The bytes of the graph and its external files: what a loaded session is counted as.</summary>
    public long FileBytes { get; }

    /// <summary>The same graph with int8 layers, in the same folder: <c>model_int8.onnx</c> beside <c>model.onnx</c>; null if there is none.</summary>
    public ModelGraph? Int8Variant { get; private set; }

    /// <summary>Reads what an ONNX file declares.</summary>
    /// <param name="path">The path of the <c>.onnx</c> file.</param>
    /// <param name="name">The graph's name; by default the folder's.</param>
    /// <exception cref="ModelPackages.ModelPackageException">The file is missing, truncated or no ONNX graph, or weights beside it are.</exception>
    public static ModelGraph Read(string path, string? name = null) => OnnxGraphReader.Read(path, name ?? System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!));

    /// <summary>Reads what an ONNX file declares, and its int8 variant if there is one beside it.</summary>
    /// <param name="path">The path of the <c>.onnx</c> file; the variant's is <c>…_int8.onnx</c>.</param>
    /// <param name="name">The graph's name; by default the folder's.</param>
    /// <exception cref="ModelPackages.ModelPackageException">A file is no sound graph, or the two differ in what they take and give.</exception>
    public static ModelGraph ReadWithVariant(string path, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        var graph = Read(path, name);
        var variant = System.IO.Path.ChangeExtension(path, null) + "_int8.onnx";
        if (File.Exists(variant))
        {
            var int8 = Read(variant, graph.Name);
            graph.Int8Variant = int8.ToString() == graph.ToString()
                ? int8
                : throw new ModelPackages.ModelPackageException(variant, $"the graph is {int8}; {graph} was expected, as in {System.IO.Path.GetFileName(path)}.");
        }

        return graph;
    }

    /// <summary>The input of that name, or null.</summary>
    public GraphValue? FindInput(string name) => Inputs.FirstOrDefault(input => input.Name == name);

    /// <summary>The output of that name, or null.</summary>
    public GraphValue? FindOutput(string name) => Outputs.FirstOrDefault(output => output.Name == name);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}({string.Join(", ", Inputs)}) → {string.Join(", ", Outputs)}";
}

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

/// <summary>One axis of a graph's input or output, as its file declares it: a size, a symbol, or neither.</summary>
/// <param name="Size">The size, if fixed.</param>
/// <param name="Symbol">The symbol, if named.</param>
public readonly record struct GraphDimension(long? Size, string? Symbol)
{
    /// <inheritdoc/>
    public override string ToString() => Size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
