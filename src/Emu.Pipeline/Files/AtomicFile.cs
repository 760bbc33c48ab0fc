namespace Emu.Pipeline.Files;

/// <summary>How <see cref="AtomicFile"/> writes.</summary>
public sealed record AtomicFileOptions
{
    /// <summary>Whether only the file's owner may read and write it (mode 0600 where there are modes); false by default.</summary>
    public bool OwnerOnly { get; init; }

    /// <summary>Whether the content is forced to the disk before the file is moved, so that it survives a loss of power; false by default.</summary>
    public bool FlushToDisk { get; init; }
}

/// <summary>
/// A file that is written under a temporary name and then moved into place, so that readers see all of it or nothing of it.
/// Unless it was moved, <see cref="Dispose"/> deletes it.
/// </summary>
public sealed class AtomicFile : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly FileStream _file;
    private readonly bool _flushToDisk;
    private bool _moved;

    private AtomicFile(FileStream file, string temporaryPath, bool flushToDisk)
    {
        _file = file;
        TemporaryPath = temporaryPath;
        _flushToDisk = flushToDisk;
        // Never disposed: on a full disk that would try, and fail, to write once more.
        Stream = new BufferedStream(file, BufferBytes);
    }

    /// <summary>Where the file is until it is moved.</summary>
    public string TemporaryPath { get; }

    /// <summary>Takes the content; not readable again.</summary>
    public Stream Stream { get; }

    /// <summary>Creates the temporary file. It must be on the volume of the place it is moved to.</summary>
    /// <exception cref="IOException">It exists, or cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static AtomicFile Create(string temporaryPath, AtomicFileOptions? options = null) => Create(temporaryPath, options, FileOptions.Asynchronous);

    /// <summary>Creates the temporary file with its whole content; it remains to be moved.</summary>
    /// <exception cref="IOException">It exists, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static AtomicFile Create(string temporaryPath, ReadOnlySpan<byte> content, AtomicFileOptions? options = null)
    {
        var file = Create(temporaryPath, options, FileOptions.None);
        try
        {
            file._file.Write(content);
            file.Complete();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes a file under a temporary name beside it, then moves it into place, replacing what is there.</summary>
    /// <exception cref="IOException">It cannot be written; nothing was changed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, AtomicFileOptions? options = null)
    {
        using var file = Create(TemporaryPathFor(path), content, options);
        file.MoveTo(path);
    }

    /// <summary>Copies a stream into a file under a temporary name beside it, then moves it into place, replacing what is there.</summary>
    /// <exception cref="IOException">It cannot be written, or the stream cannot be read; nothing was changed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static async Task WriteAsync(string path, Stream content, AtomicFileOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        using var file = Create(TemporaryPathFor(path), options);
        await content.CopyToAsync(file.Stream, cancellationToken);
        file.Complete();
        file.MoveTo(path);
    }

    /// <summary>Writes out what <see cref="Stream"/> still buffers, to the disk if that was asked for, and closes the file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Complete()
    {
        if (_file.SafeFileHandle.IsClosed)
        {
            return;
        }

        Stream.Flush();
        if (_flushToDisk)
        {
            _file.Flush(flushToDisk: true);
        }

        _file.Dispose();
    }

    /// <summary>Completes the file and moves it into place, replacing what is there. After a failure it can be tried again.</summary>
    /// <exception cref="IOException">It cannot be moved.</exception>
    public void MoveTo(string path)
    {
        Complete();
        File.Move(TemporaryPath, path, overwrite: true);
        _moved = true;
    }

    /// <summary>Closes the file, and deletes it unless it was moved.</summary>
    public void Dispose()
    {
        _file.Dispose();
        if (!_moved && File.Exists(TemporaryPath))
        {
            File.Delete(TemporaryPath);
        }
    }

    // Hidden on Unix, with an extension that upload folders never show.
    private static string TemporaryPathFor(string path) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");

    private static AtomicFile Create(string temporaryPath, AtomicFileOptions? options, FileOptions fileOptions)
    {
        ArgumentException.ThrowIfNullOrEmpty(temporaryPath);
        var stream = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0, Options = fileOptions };
        if (options is { OwnerOnly: true } && !OperatingSystem.IsWindows())
        {
            stream.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new AtomicFile(new FileStream(temporaryPath, stream), temporaryPath, options is { FlushToDisk: true });
    }
}
