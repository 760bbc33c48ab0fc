namespace Emu.Diffusion.Sessions;

/// <summary>How graphs are run.</summary>
public sealed record SessionCacheOptions
{
    private readonly int _threads = Environment.ProcessorCount;
    private readonly long _maximumBytes = 16L << 30;

    /// <summary>The device; <c>auto</c> by default.</summary>
    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    /// <summary>Whether int8 variants of graphs are used where they are faster; <see cref="ComputePrecision.Auto"/> by default.</summary>
    public ComputePrecision Precision { get; init; } = ComputePrecision.Auto;

    /// <summary>Threads within an operator on the CPU, at least 1; by default the processors this process may use, container limits included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int Threads
    {
        get => _threads;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _threads = value;
        }
    }

    /// <summary>Whether idle threads spin for a while before they sleep, true by default: faster on a machine of its own, wasteful on a shared one.</summary>
    public bool Spin { get; init; } = true;

    /// <summary>
    /// Whether memory for a graph's intermediate values is kept for its next run, true by default: for graphs that run many times in a row. A graph that
    /// runs once a picture does without, and takes a third of the memory; with glibc, large blocks of the whole process then go back to the system when they are freed.
    /// </summary>
    public bool KeepsWorkingMemory { get; init; } = true;

    /// <summary>How many bytes of graphs (as files) may stay loaded, 16 GiB by default. Graphs in use always stay; idle ones are evicted, the least recently used first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public long MaximumBytes
    {
        get => _maximumBytes;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _maximumBytes = value;
        }
    }
}
