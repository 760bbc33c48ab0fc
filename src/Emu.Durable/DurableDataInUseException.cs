namespace Emu.Durable;

/// <summary>Another process, or another engine of this one, holds the data folder.</summary>
public sealed class DurableDataInUseException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="folder">The folder that is held.</param>
    /// <param name="holder">Who holds it, as far as that is known.</param>
    /// <param name="innerException">What the operating system answered.</param>
    public DurableDataInUseException(string folder, string? holder, Exception? innerException = null)
        : base(
            $"The data folder '{folder}' is in use by {holder ?? "another process"}. One engine at a time may hold it: stop that one, or choose another folder.",
            innerException) => Folder = folder;

    /// <summary>The folder that is held.</summary>
    public string Folder { get; }
}
