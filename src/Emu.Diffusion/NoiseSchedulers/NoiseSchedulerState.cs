namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>What a noise scheduler remembers between steps: a fixed set of named tensors and counters, all of it serialisable.</summary>
public sealed class NoiseSchedulerState
{
    /// <summary>Creates a state.</summary>
    /// <param name="tensors">History tensors by name, each of the sample's length.</param>
    /// <param name="counters">Counters by name.</param>
    public NoiseSchedulerState(IReadOnlyDictionary<string, float[]> tensors, IReadOnlyDictionary<string, long> counters)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(counters);
        Tensors = tensors;
        Counters = new Dictionary<string, long>(counters);
    }

    /// <summary>History tensors by name.</summary>
    public IReadOnlyDictionary<string, float[]> Tensors { get; }

    /// <summary>Counters by name, for example how many outputs are remembered.</summary>
    public Dictionary<string, long> Counters { get; }

    /// <summary>The state of a scheduler that remembers nothing.</summary>
    public static NoiseSchedulerState Empty() => new(new Dictionary<string, float[]>(), new Dictionary<string, long>());
}
