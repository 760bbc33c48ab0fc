using Emu.Diffusion.Graphs;

namespace Emu.Diffusion.Sessions;

/// <summary>
/// Loads graphs at first use and keeps them, up to a number of bytes. A graph is acquired with a lease; idle graphs are evicted
/// when others need the memory, the least recently used first. Safe for concurrent use.
/// </summary>
/// <remarks>A graph counts as the bytes of its files. A graph in use is never unloaded, so the bound can be exceeded by what is in use at once.</remarks>
public sealed class SessionCache : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly SessionFactory _factory;
    private long _clock;
    private bool _disposed;

    /// <summary>Creates an empty cache.</summary>
    /// <param name="options">How graphs are run; the defaults if null.</param>
    public SessionCache(SessionCacheOptions? options = null)
    {
        Options = options ?? new SessionCacheOptions();
        _factory = new SessionFactory(Options);
    }

    /// <summary>How graphs are run.</summary>
    public SessionCacheOptions Options { get; }

    /// <summary>The device in use: never <c>auto</c>. Decided at first use.</summary>
    /// <exception cref="DeviceUnavailableException">The device requested by name cannot be used here.</exception>
    public DeviceChoice Device => _factory.Device;

    /// <summary>Why <c>auto</c> did not become CUDA, or null.</summary>
    public string? DeviceReason => _factory.DeviceReason;

    /// <summary>Whether this program's ONNX Runtime has CUDA, be there a GPU or not.</summary>
    public static bool IsBuiltWithCuda => SessionFactory.IsBuiltWithCuda;

    /// <summary>Whether graphs that have an int8 variant are computed by it: on a CPU with instructions for that, unless the options say otherwise.</summary>
    /// <exception cref="DeviceUnavailableException">The device requested by name cannot be used here.</exception>
    public bool PrefersInt8 => _factory.PrefersInt8;

    /// <summary>Whether any graph of a package is computed in int8: <see cref="PrefersInt8"/>, and one has such a variant.</summary>
    /// <exception cref="DeviceUnavailableException">The device requested by name cannot be used here.</exception>
    public bool ComputesInt8(ModelPackages.ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return PrefersInt8 && package.Graphs.Values.Any(graph => graph.Int8Variant is not null);
    }

    /// <summary>The bytes of the graphs that are loaded.</summary>
    public long LoadedBytes
    {
        get
        {
            lock (_lock)
            {
                return _entries.Values.Where(entry => entry.Loading.IsValueCreated).Sum(entry => entry.Graph.FileBytes);
            }
        }
    }

    /// <summary>Loads a graph, or takes the loaded one.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="cancellationToken">Cancels loading.</param>
    /// <exception cref="ModelPackages.ModelPackageException">ONNX Runtime cannot load the graph.</exception>
    /// <exception cref="DeviceUnavailableException">The device requested by name cannot be used here.</exception>
    public SessionLease Acquire(ModelGraph graph, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entry = Enter(graph, cancellationToken);
            try
            {
                var session = entry.Loading.Value;
                cancellationToken.ThrowIfCancellationRequested();
                return new SessionLease(session, () => Leave(entry));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The caller that was loading the graph was cancelled; this one was not, and tries again.
                Leave(entry, forget: true);
            }
            catch
            {
                // A failed load is forgotten, so that a repaired file can be tried again.
                Leave(entry, forget: !entry.Loading.IsValueCreated);
                throw;
            }
        }
    }

    /// <summary>Unloads every graph that is not in use. What is acquired again is loaded again.</summary>
    public void UnloadIdle()
    {
        List<Entry> idle;
        lock (_lock)
        {
            idle = [.. _entries.Values.Where(entry => entry.Users == 0)];
            idle.ForEach(entry => _entries.Remove(entry.Graph.Path));
        }

        idle.ForEach(entry => entry.Unload());
    }

    /// <summary>Unloads every graph that is not in use; the others are unloaded when their leases are disposed.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        UnloadIdle();
    }

    private Entry Enter(ModelGraph graph, CancellationToken cancellationToken)
    {
        List<Entry> evicted = [];
        Entry? entry;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_entries.TryGetValue(graph.Path, out entry))
            {
                entry = new Entry(graph, _factory, cancellationToken);
                _entries.Add(graph.Path, entry);
                MakeRoom(entry, evicted);
            }

            entry.Users++;
        }

        evicted.ForEach(old => old.Unload());
        return entry;
    }

    private void MakeRoom(Entry added, List<Entry> evicted)
    {
        var bytes = _entries.Values.Sum(entry => entry.Graph.FileBytes);
        foreach (var entry in _entries.Values.Where(entry => entry.Users == 0 && entry != added).OrderBy(entry => entry.LastUse).ToArray())
        {
            if (bytes <= Options.MaximumBytes)
            {
                return;
            }

            bytes -= entry.Graph.FileBytes;
            _entries.Remove(entry.Graph.Path);
            evicted.Add(entry);
        }
    }

    private void Leave(Entry entry, bool forget = false)
    {
        bool unload;
        lock (_lock)
        {
            entry.Users--;
            entry.LastUse = ++_clock;
            var excess = _entries.Values.Sum(other => other.Graph.FileBytes) > Options.MaximumBytes;
            unload = entry.Users == 0 && (_disposed || forget || excess);
            if ((unload || forget) && _entries.GetValueOrDefault(entry.Graph.Path) == entry)
            {
                _entries.Remove(entry.Graph.Path);
            }
        }

        if (unload)
        {
            entry.Unload();
        }
    }

    private sealed class Entry(ModelGraph graph, SessionFactory factory, CancellationToken cancellationToken)
    {
        public ModelGraph Graph { get; } = graph;

        public Lazy<GraphSession> Loading { get; } = new(() => factory.Create(graph, cancellationToken), LazyThreadSafetyMode.ExecutionAndPublication);

        public int Users { get; set; }

        public long LastUse { get; set; }

        public void Unload()
        {
            if (Loading.IsValueCreated)
            {
                Loading.Value.Session.Dispose();
            }
        }
    }
}

/// <summary>Keeps a loaded graph loaded until disposed.</summary>
public sealed class SessionLease : IDisposable
{
    private Action? _release;

    internal SessionLease(GraphSession session, Action release)
    {
        Session = session;
        _release = release;
    }

    /// <summary>The loaded graph.</summary>
    public GraphSession Session { get; }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
