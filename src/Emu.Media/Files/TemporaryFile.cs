namespace Emu.Media.Files;

/// <summary>A file under a name of its own in the folder where it will belong; gone on disposal unless it was moved into place.</summary>
public sealed class TemporaryFile : IDisposable
{
    private readonly string _destination;
    private bool _kept;

    private TemporaryFile(string folder, string destination)
    {
        Folder = folder;
        Name = $".emu-{Guid.NewGuid():N}.part";
        _destination = destination;
    }

    /// <summary>The folder, absolute.</summary>
    public string Folder { get; }

    /// <summary>The name in the folder: letters, digits, dots and a dash, so that it needs no quoting.</summary>
    public string Name { get; }

    /// <summary>Folder and name.</summary>
    public string Path => System.IO.Path.Combine(Folder, Name);

    /// <summary>A temporary file beside <paramref name="destination"/>, so that moving it is one step of the file system.</summary>
    /// <exception cref="DirectoryNotFoundException">The destination's folder does not exist.</exception>
    public static TemporaryFile For(string destination)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(destination);
        var full = System.IO.Path.GetFullPath(destination);
        var folder = System.IO.Path.GetDirectoryName(full);
        if (folder is null || !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The folder of '{destination}' does not exist.");
        }
        return Directory.Exists(full)
            ? throw new IOException($"'{destination}' is a folder; a file name is needed.")
            : new TemporaryFile(folder, full);
    }

    /// <summary>A temporary file that is only read and then removed.</summary>
    public static TemporaryFile In(string folder) => new(System.IO.Path.GetFullPath(folder), string.Empty);

    /// <summary>Moves the file into place, replacing what is there.</summary>
    public void Keep()
    {
        File.Move(Path, _destination, overwrite: true);
        _kept = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_kept)
        {
            File.Delete(Path);
        }
    }
}
