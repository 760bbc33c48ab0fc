namespace Emu.Diffusion.NoiseSchedulers;

/// <summary>What a noise scheduler remembers between steps: a fixed set of named tensors and counters, all of it serialisable.</summary>
public sealed class NoiseSchedulerState
{
    /// <summary>Creates a state, for example one that was saved.</summary>
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

    /// <summary>A new state: tensors and counters of zeros.</summary>
    internal static NoiseSchedulerState Create(int elementCount, IEnumerable<string> tensors, IEnumerable<string> counters)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementCount);
        return new NoiseSchedulerState(
            tensors.ToDictionary(name => name, _ => new float[elementCount]), counters.ToDictionary(name => name, _ => 0L));
    }

    /// <summary>A history tensor at the sample's length.</summary>
    /// <exception cref="ArgumentException">The state was not made by this noise scheduler, or not for samples of this length.</exception>
    internal Span<float> Tensor(string name, int length)
    {
        if (!Tensors.TryGetValue(name, out var tensor))
        {
            throw new ArgumentException($"The state has no tensor '{name}': another noise scheduler made it.");
        }

        return tensor.Length == length
            ? tensor
            : throw new ArgumentException($"The state's tensor '{name}' has {tensor.Length} elements, the sample {length}.");
    }

    /// <summary>A counter from 0 to a maximum.</summary>
    /// <exception cref="ArgumentException">The state was not made by this noise scheduler.</exception>
    internal int Counter(string name, int maximum)
    {
        if (!Counters.TryGetValue(name, out var value))
        {
            throw new ArgumentException($"The state has no counter '{name}': another noise scheduler made it.");
        }

        return value >= 0 && value <= maximum
            ? (int)value
            : throw new ArgumentException($"The state's counter '{name}' is {value}. Accepted: 0 to {maximum}.");
    }
}
