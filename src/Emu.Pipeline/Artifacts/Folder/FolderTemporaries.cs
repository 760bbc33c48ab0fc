namespace Emu.Pipeline.Artifacts.Folder;

/// <summary>Files being written, under names that no listing shows, until they are moved into place.</summary>
internal sealed class FolderTemporaries
{
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);

    private readonly string _folder;
    private readonly string _marker;
    private readonly bool _flushToDisk;
    private readonly TimeProvider _time;

    public FolderTemporaries(string folder, bool owned, bool flushToDisk, TimeProvider time)
    {
        _folder = folder;
        _marker = owned ? "owner-" : "beside-";
        _flushToDisk = flushToDisk;
        _time = time;
        Directory.CreateDirectory(folder);
        ProbeTimes();
        if (owned)
        {
            RemoveAbandoned();
        }
    }

    public string Write(ReadOnlySpan<byte> content)
    {
        var path = NewPath();
        try
        {
            using var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            RandomAccess.Write(handle, content, 0);
            if (_flushToDisk)
            {
                RandomAccess.FlushToDisk(handle);
            }

            return path;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    public async Task<string> WriteAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var path = NewPath();
        try
        {
            await using var file = Open(path);
            // Never disposed: on a full disk that would only try, and fail, to write once more.
            var buffered = new BufferedStream(file, 64 * 1024);
            await using var stream = new StoreStream(buffered, FolderErrors.Translate, leaveOpen: true);
            await write(stream, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            if (_flushToDisk)
            {
                file.Flush(flushToDisk: true);
            }

            return path;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private string NewPath() => Path.Combine(_folder, _marker + Guid.NewGuid().ToString("N"));

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        }
        catch (Exception exception) when (FolderErrors.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    private void ProbeTimes()
    {
        var probe = Write([]);
        try
        {
            var time = new DateTime(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc).AddTicks(1_234_567);
            File.SetLastWriteTimeUtc(probe, time);
            if (File.GetLastWriteTimeUtc(probe) != time)
            {
                throw new ArtifactStoreException($"The file system of '{_folder}' rounds file times, which tell versions apart. Use a folder on another disk, or a blob container.", false);
            }
        }
        finally
        {
            File.Delete(probe);
        }
    }

    private void RemoveAbandoned()
    {
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles())
        {
            // No other owner lives; who works beside us may still be writing.
            if (file.Name.StartsWith(_marker, StringComparison.Ordinal) || file.LastWriteTimeUtc < _time.GetUtcNow().UtcDateTime - AbandonedAfter)
            {
                file.Delete();
            }
        }
    }
}

/// <summary>How a folder store behaves.</summary>
public sealed record FolderArtifactStoreOptions
{
    /// <summary>
    /// Whether every file is forced to the disk before it counts. Without it (the default) everything survives the process's
    /// end at any moment, but not the loss of power.
    /// </summary>
    public bool FlushToDisk { get; init; }
}
