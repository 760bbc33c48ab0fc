using System.Diagnostics;
using Emu.Diffusion.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace Emu.Diffusion.Sessions;

/// <summary>A graph with inputs and outputs bound once, to be run many times without allocating. Not safe for concurrent use.</summary>
public sealed class BoundRun : IDisposable
{
    private readonly SessionLease _lease;
    private readonly OrtIoBinding _binding;
    private readonly TerminableRun _run = new();
    private readonly Dictionary<string, BoundTensor> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BoundTensor> _outputs = new(StringComparer.Ordinal);
    private readonly Func<RunOptions, bool> _invoke;
    private long _ticks;

    /// <summary>Binds a graph.</summary>
    /// <param name="lease">The loaded graph; disposed with this.</param>
    /// <param name="inputs">Every input and its shape.</param>
    /// <param name="outputs">The requested outputs and their shapes.</param>
    /// <exception cref="ModelPackages.ModelPackageException">An input or output does not exist, or has another shape.</exception>
    public BoundRun(SessionLease lease, IReadOnlyDictionary<string, TensorShape> inputs, IReadOnlyDictionary<string, TensorShape> outputs)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        _lease = lease;
        _binding = lease.Session.Session.CreateIoBinding();
        _invoke = Invoke;
        try
        {
            foreach (var (name, shape) in inputs)
            {
                var tensor = lease.Session.CreateInput(name, shape);
                _inputs.Add(name, tensor);
                _binding.BindInput(name, tensor.Value);
            }

            foreach (var (name, shape) in outputs)
            {
                var tensor = lease.Session.CreateOutput(name, shape);
                _outputs.Add(name, tensor);
                _binding.BindOutput(name, tensor.Value);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The loaded graph.</summary>
    public GraphSession Session => _lease.Session;

    /// <summary>How long ONNX Runtime has worked in all runs so far.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(0, _ticks);

    /// <summary>The bound tensor of an input.</summary>
    public BoundTensor Input(string name) => _inputs[name];

    /// <summary>The bound tensor of an output.</summary>
    public BoundTensor Output(string name) => _outputs[name];

    /// <summary>Runs the graph on what the input tensors hold; the output tensors then hold its results.</summary>
    /// <param name="cancellationToken">Stops the run within an operator or two.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled; the outputs are undefined.</exception>
    /// <exception cref="ModelPackages.ModelPackageException">The graph failed.</exception>
    public void Run(CancellationToken cancellationToken = default)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            _run.Invoke(_lease.Session, _invoke, cancellationToken);
        }
        finally
        {
            _ticks += Stopwatch.GetTimestamp() - start;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        _run.Dispose();
        foreach (var tensor in _inputs.Values.Concat(_outputs.Values))
        {
            tensor.Dispose();
        }

        _lease.Dispose();
    }

    private bool Invoke(RunOptions options)
    {
        // Copies inputs to and outputs from the device where there is one; on the CPU both lie where they are used.
        _lease.Session.Session.RunWithBinding(options, _binding);
        if (_lease.Session.Device.Kind == DeviceKind.Cuda)
        {
            _binding.SynchronizeBoundOutputs();
        }

        return true;
    }
}
