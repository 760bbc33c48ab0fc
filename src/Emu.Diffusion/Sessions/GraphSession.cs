using Emu.Diffusion.Graphs;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace Emu.Diffusion.Sessions;

/// <summary>A loaded graph. Made by <see cref="SessionCache"/>; safe for concurrent runs.</summary>
public sealed class GraphSession
{
    internal GraphSession(ModelGraph graph, InferenceSession session, DeviceChoice device)
    {
        Graph = graph;
        Session = session;
        Device = device;
    }

    /// <summary>The graph.</summary>
    public ModelGraph Graph { get; }

    /// <summary>The device it runs on.</summary>
    public DeviceChoice Device { get; }

    internal InferenceSession Session { get; }

    /// <summary>Runs the graph once on inputs of any shape it accepts.</summary>
    /// <param name="inputs">Every input.</param>
    /// <param name="outputNames">The outputs wanted.</param>
    /// <param name="cancellationToken">Stops the run within an operator or two.</param>
    /// <returns>The outputs in the order asked for, as float32.</returns>
    /// <exception cref="ModelPackageException">The graph does not accept the inputs, or fails.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public IReadOnlyList<FloatTensor> Run(IReadOnlyList<GraphInput> inputs, IReadOnlyList<string> outputNames, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputNames);
        List<BoundTensor> bound = [];
        try
        {
            foreach (var input in inputs)
            {
                var tensor = CreateInput(input.Name, input.Shape);
                bound.Add(tensor);
                input.WriteTo(tensor);
            }

            using TerminableRun run = new();
            using var outputs = run.Invoke(
                this,
                options => Session.Run(options, [.. bound.Select(tensor => tensor.Name)], [.. bound.Select(tensor => tensor.Value)], outputNames),
                cancellationToken);
            return [.. outputs.Select(OutputReader.Read)];
        }
        finally
        {
            bound.ForEach(tensor => tensor.Dispose());
        }
    }

    /// <summary>Creates a tensor for an input, after a look at what the graph declares.</summary>
    /// <exception cref="ModelPackageException">There is no such input, or it does not accept the shape.</exception>
    internal BoundTensor CreateInput(string name, TensorShape shape)
    {
        var input = Graph.FindInput(name)
            ?? throw new ModelPackageException(Graph.Path, $"the graph has no input '{name}'; it has {string.Join(", ", Graph.Inputs)}.");
        return input.Accepts(shape)
            ? new BoundTensor(name, input.ElementType, shape)
            : throw new ModelPackageException(Graph.Path, $"input {input} does not accept a tensor of shape {shape}.");
    }

    /// <summary>Creates a tensor for an output whose shape the caller knows.</summary>
    /// <exception cref="ModelPackageException">There is no such output, or it has another shape.</exception>
    internal BoundTensor CreateOutput(string name, TensorShape shape)
    {
        var output = Graph.FindOutput(name)
            ?? throw new ModelPackageException(Graph.Path, $"the graph has no output '{name}'; it has {string.Join(", ", Graph.Outputs)}.");
        return output.Accepts(shape)
            ? new BoundTensor(name, output.ElementType, shape)
            : throw new ModelPackageException(Graph.Path, $"output {output} was expected to have shape {shape}.");
    }
}
