namespace Emu.Durable;

/// <summary>The database could not be read or written (full disk, lost volume, damaged file); what was asked for has not happened.</summary>
public sealed class DurableStoreException : IOException
{
    /// <summary>Creates the exception.</summary>
    public DurableStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
