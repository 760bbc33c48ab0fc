namespace Emu.Pipeline.Artifacts;

/// <summary>A store failed: full, unreachable, or refusing.</summary>
public sealed class ArtifactStoreException(string message, bool retryable, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether the same call may succeed later.</summary>
    public bool Retryable { get; } = retryable;
}
