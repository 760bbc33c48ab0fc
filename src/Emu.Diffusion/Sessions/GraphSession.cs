using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Emu.Diffusion.Graphs;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

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
    /// <param name="outputNames">The requested outputs.</param>
    /// <param name="cancellationToken">Stops the run within an operator or two.</param>
    /// <returns>The outputs in the order requested, as float32.</returns>
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

/// <summary>Copies an output that ONNX Runtime allocated into a float32 tensor.</summary>
internal static class OutputReader
{
    public static FloatTensor Read(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        FloatTensor tensor = new(TensorShape.Create(Array.ConvertAll(info.Shape, size => checked((int)size))));
        var bytes = value.GetTensorMutableRawData();
        switch (info.ElementDataType)
        {
            case TensorElementType.Float:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(tensor.Span);
                break;
            case TensorElementType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), tensor.Span);
                break;
            case TensorElementType.Double:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(bytes), tensor.Span);
                break;
            default:
                throw new NotSupportedException($"An output has element type {info.ElementDataType}; floating-point numbers were expected.");
        }

        return tensor;
    }
}

/// <summary>Run options that a cancellation token terminates while ONNX Runtime works, usable again afterwards.</summary>
internal sealed class TerminableRun : IDisposable
{
    private readonly RunOptions _options = new();

    /// <summary>Runs; translates ONNX Runtime's failures.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled before or during the run.</exception>
    /// <exception cref="ModelPackageException">The graph failed.</exception>
    public T Invoke<T>(GraphSession session, Func<RunOptions, T> run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Disposing the registration waits for a callback under way, so that a late one cannot terminate the next run.
        var registration = cancellationToken.UnsafeRegister(static options => ((RunOptions)options!).Terminate = true, _options);
        try
        {
            return run(_options);
        }
        catch (OnnxRuntimeException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The run was cancelled.", exception, cancellationToken);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelPackageException(session.Graph.Path, $"the graph failed on {session.Device}: {exception.Message}", exception);
        }
        finally
        {
            registration.Dispose();
            if (cancellationToken.IsCancellationRequested)
            {
                _options.Terminate = false;
            }
        }
    }

    public void Dispose() => _options.Dispose();
}
