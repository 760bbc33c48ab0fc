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

    /// <summary>The graph's name in its package, which is its folder's: <c>unet</c>.</summary>
    public string Name { get; }

    /// <summary>The path of <c>model.onnx</c>.</summary>
    public string Path { get; }

    /// <summary>The inputs that must be fed (initializers left out).</summary>
    public IReadOnlyList<GraphValue> Inputs { get; }

    /// <summary>The outputs.</summary>
    public IReadOnlyList<GraphValue> Outputs { get; }

    /// <summary>Files beside the graph that hold weights.</summary>
    public IReadOnlyList<string> ExternalFiles { get; }

    /// <summary>The bytes of the graph and its external files: what a loaded session is counted as.</summary>
    public long FileBytes { get; }

    /// <summary>Reads what an ONNX file declares.</summary>
    /// <param name="path">The path of the <c>.onnx</c> file.</param>
    /// <param name="name">The graph's name; by default the folder's.</param>
    /// <exception cref="ModelPackages.ModelPackageException">The file is missing, truncated or no ONNX graph, or weights beside it are.</exception>
    public static ModelGraph Read(string path, string? name = null) => OnnxGraphReader.Read(path, name ?? System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!));

    /// <summary>The input of that name, or null.</summary>
    public GraphValue? FindInput(string name) => Inputs.FirstOrDefault(input => input.Name == name);

    /// <summary>The output of that name, or null.</summary>
    public GraphValue? FindOutput(string name) => Outputs.FirstOrDefault(output => output.Name == name);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}({string.Join(", ", Inputs)}) → {string.Join(", ", Outputs)}";
}
