using System.Numerics.Tensors;
using Emu.Diffusion.ChannelLayouts;
using Emu.Diffusion.Graphs;
using Emu.Diffusion.Guidance;
using Emu.Diffusion.ModelPackages;
using Emu.Diffusion.Sessions;
using Emu.Diffusion.Tensors;

namespace Emu.Diffusion.Pipelines;

/// <summary>A denoiser bound once for a batch of conditions: what stays the same over the steps is written at the start.</summary>
internal sealed class DenoiserBatch : IDisposable
{
    private readonly BoundRun _run;
#pragma warning disable CA2213 // The run owns its tensors.
    private readonly BoundTensor _sample;
    private readonly BoundTensor _timestep;
    private readonly BoundTensor _output;
#pragma warning restore CA2213
    private readonly IReadOnlyList<FrameBlock> _blocks;
    private readonly int _inputLength;

    private DenoiserBatch(SessionLease lease, DenoiserShape shape, IReadOnlyList<GuidanceCondition> conditions, DenoiserConditions values)
    {
        var contract = values.Request.Denoiser;
        Conditions = conditions;
        var batch = conditions.Count;
        var constants = values.Constants(conditions);
        var inputs = constants.ToDictionary(constant => constant.Key, constant => constant.Value.Shape);
        inputs.Add(contract.Sample.Name, shape.Input(batch));
        inputs.Add(contract.Timestep.Name, TimestepShape(contract, batch));
        _run = new BoundRun(lease, inputs, new Dictionary<string, TensorShape> { [contract.Output.Name] = shape.Output(batch) });
        _sample = _run.Input(contract.Sample.Name);
        _timestep = _run.Input(contract.Timestep.Name);
        _output = _run.Output(contract.Output.Name);
        _blocks = shape.Plan.NoiseBlocks;
        _inputLength = _sample.Shape.ElementCount / batch;
        foreach (var (name, tensor) in constants)
        {
            _run.Input(name).Write(0, tensor.Span);
        }

        for (var entry = 0; entry < batch; entry++)
        {
            values.WriteImage(shape, conditions[entry], _sample, entry * _inputLength);
        }
    }

    public IReadOnlyList<GuidanceCondition> Conditions { get; }

    public static DenoiserBatch Create(SessionCache sessions, DenoiserShape shape, IReadOnlyList<GuidanceCondition> conditions, DenoiserConditions values, CancellationToken cancellationToken)
    {
        var lease = sessions.Acquire(values.Request.Denoiser.Graph, cancellationToken);
        try
        {
            return new DenoiserBatch(lease, shape, conditions, values);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    public TimeSpan Elapsed => _run.Elapsed;

    public int OutputLength => _output.Shape.ElementCount / Conditions.Count;

    /// <summary>The noised latents of the first entry where they lie in one piece of float32, so that the noise scheduler can work on them in place; else null.</summary>
    public Memory<float>? InPlace => _sample.Floats is { } floats && _blocks is [{ } block] ? floats.Slice(block.Offset, block.Length) : (Memory<float>?)null;

    /// <summary>Writes the noised latents, scaled, into an entry.</summary>
    public void WriteSample(int entry, ReadOnlySpan<float> sample, float scale, Span<float> scratch)
    {
        if (scale != 1)
        {
            TensorPrimitives.Multiply(sample, scale, scratch);
            sample = scratch;
        }

        var done = 0;
        for (var index = 0; index < _blocks.Count; index++)
        {
            var block = _blocks[index];
            _sample.Write((entry * _inputLength) + block.Offset, sample.Slice(done, block.Length));
            done += block.Length;
        }
    }

    public void WriteTimestep(float timestep)
    {
        for (var index = 0; index < _timestep.Shape.ElementCount; index++)
        {
            _timestep.Write(index, new ReadOnlySpan<float>(in timestep));
        }
    }

    public void Run(CancellationToken cancellationToken) => _run.Run(cancellationToken);

    /// <summary>The prediction for an entry, in place where it is float32.</summary>
    public ReadOnlySpan<float> Output(int entry, Span<float> scratch) => _output.View(entry * OutputLength, OutputLength, scratch);

    public void Dispose() => _run.Dispose();

    // A scalar, one for all, or one a sample. Where the file leaves the axis open, its symbol decides: the batch's symbol means one a sample, another symbol (optimum) means one for all.
    private static TensorShape TimestepShape(DenoiserContract contract, int batch)
    {
        var timestep = contract.Timestep;
        if (timestep.Dimensions is not [GraphDimension dimension])
        {
            return timestep.Rank is null or 0 ? [] : throw new ModelPackageException(contract.Graph.Path, $"{timestep} was expected to be a scalar or to have one axis.");
        }

        var symbol = contract.Sample.Dimensions is { Count: > 0 } sample ? sample[0].Symbol : null;
        return dimension.Size == 1 || (dimension.Symbol is { } own && symbol is not null && own != symbol) ? [1] : [batch];
    }
}
