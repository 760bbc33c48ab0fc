namespace Emu.Durable;

/// <summary>Another process, or another engine in this process, holds the data folder.</summary>
public sealed class DurableDataInUseException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="folder">The folder that is held.</param>
    /// <param name="holder">The process that holds it, if known.</param>
    /// <param name="innerException">The operating system's error.</param>
    public DurableDataInUseException(string folder, string? holder, Exception? innerException = null)
        : base(
            $"The data folder '{folder}' is in use by {holder ?? "another process"}. One engine at a time may hold it: stop that one, or choose another folder.",
            innerException) => Folder = folder;

    /// <summary>The folder that is held.</summary>
    public string Folder { get; }
}

/// <summary>The database could not be read or written (full disk, lost volume, damaged file). The requested change was not made.</summary>
public sealed class DurableStoreException : IOException
{
    /// <summary>Creates the exception.</summary>
    public DurableStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
