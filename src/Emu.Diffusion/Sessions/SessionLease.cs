namespace Emu.Diffusion.Sessions;

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
