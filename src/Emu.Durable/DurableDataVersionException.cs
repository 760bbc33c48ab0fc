namespace Emu.Durable;

/// <summary>The stored data is not this engine's, or was written by a newer version of it.</summary>
public sealed class DurableDataVersionException : Exception
{
    /// <summary>Creates the exception.</summary>
    public DurableDataVersionException(string message)
        : base(message)
    {
    }
}
