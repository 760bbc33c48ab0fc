using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Emu.Pipeline.Artifacts.Folder;

/// <summary>The files of a folder store: where a name lies, how a version is written, placed, read and removed.</summary>
internal sealed class FolderFiles
{
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);

    private readonly string _root;
    private readonly string _temporary;
    private readonly string _marker;
    private readonly bool _flushToDisk;
    private readonly TimeProvider _time;

    public FolderFiles(string root, string temporary, bool owned, bool flushToDisk, TimeProvider time)
    {
        _root = root;
        _temporary = temporary;
        _marker = owned ? "owner-" : "beside-";
        _flushToDisk = flushToDisk;
        _time = time;
        Directory.CreateDirectory(temporary);
        ProbeTimes();
        if (owned)
        {
            RemoveAbandoned();
        }
    }

    public ArtifactInfo? Find(string name)
    {
        var file = new FileInfo(PathOf(name));
        return file.Exists ? Describe(name, file.Length, file.LastWriteTimeUtc) : null;
    }

    /// <summary>The file, opened so that others may replace and remove it meanwhile; null if there is none.</summary>
    public FileStream? OpenRead(string name, FileOptions options)
    {
        try
        {
            return new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, options);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public ArtifactContent? Read(string name)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        using (handle)
        {
            // A placed file never changes, only what its name stands for: content and ETag belong together.
            var content = new byte[RandomAccess.GetLength(handle)];
            for (var read = 0; read < content.Length;)
            {
                var count = RandomAccess.Read(handle, content.AsSpan(read), read);
                read += count > 0 ? count : throw new EndOfStreamException($"The file of '{name}' ends early.");
            }

            return new ArtifactContent(content, Describe(name, content.Length, File.GetLastWriteTimeUtc(handle)).ETag);
        }
    }

    public string WriteTemporary(ReadOnlySpan<byte> content)
    {
        var path = NewTemporary();
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

    public async Task<string> WriteTemporaryAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var path = NewTemporary();
        try
        {
            await using var file = OpenTemporary(path);
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

    /// <summary>Moves a temporary file into place, later in time than the version it replaces.</summary>
    public ArtifactInfo Place(string name, string temporary, ArtifactInfo? existing)
    {
        var stamp = _time.GetUtcNow().UtcDateTime;
        if (existing is not null && stamp <= existing.LastModified.UtcDateTime)
        {
            stamp = existing.LastModified.UtcDateTime.AddTicks(1);
        }

        File.SetLastWriteTimeUtc(temporary, stamp);
        var length = new FileInfo(temporary).Length;
        var path = PathOf(name);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                File.Move(temporary, path, overwrite: true);
                return Describe(name, length, stamp);
            }
            catch (Exception exception) when (exception is DirectoryNotFoundException or FileNotFoundException && attempt < 100 && File.Exists(temporary))
            {
                MakeFolder(Path.GetDirectoryName(path)!);
            }
        }
    }

    public bool Delete(string name)
    {
        var path = PathOf(name);
        if (!File.Exists(path))
        {
            return false;
        }

        File.Delete(path);
        return true;
    }

    /// <summary>Removes the folders that a name's end left empty; gives them back with their slash, innermost first.</summary>
    public IEnumerable<string> RemoveEmptyFolders(string name)
    {
        for (var slash = name.LastIndexOf('/'); slash > 0; slash = name.LastIndexOf('/', slash - 1))
        {
            var path = PathOf(name[..slash]);
            try
            {
                if (Directory.EnumerateFileSystemEntries(path).Any())
                {
                    yield break;
                }

                Directory.Delete(path);
            }
            catch (DirectoryNotFoundException)
            {
                yield break;
            }
            catch (IOException)
            {
                // Somebody put a file into it just now: it stays.
                yield break;
            }

            yield return name[..(slash + 1)];
        }
    }

    private static ArtifactInfo Describe(string name, long length, DateTime lastWriteUtc) =>
        new(name, length, string.Create(CultureInfo.InvariantCulture, $"{lastWriteUtc.Ticks:x}-{length:x}"), new DateTimeOffset(lastWriteUtc, TimeSpan.Zero));

    private string PathOf(string name) => Path.Combine(_root, name.Replace('/', Path.DirectorySeparatorChar));

    private string NewTemporary() => Path.Combine(_temporary, _marker + Guid.NewGuid().ToString("N"));

    // Others may remove a folder with its last file at any moment, also while its subfolders are being made: the caller tries again.
    private static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            Thread.Yield();
        }
    }

    private static FileStream OpenTemporary(string path)
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
        var probe = WriteTemporary([]);
        try
        {
            var time = new DateTime(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc).AddTicks(1_234_567);
            File.SetLastWriteTimeUtc(probe, time);
            if (File.GetLastWriteTimeUtc(probe) != time)
            {
                throw new ArtifactStoreException($"The file system of '{_root}' rounds file times, which tell versions apart. Use a folder on another disk, or a blob container.", false);
            }
        }
        finally
        {
            File.Delete(probe);
        }
    }

    private void RemoveAbandoned()
    {
        foreach (var file in new DirectoryInfo(_temporary).EnumerateFiles())
        {
            // No other owner lives; who works beside us may still be writing.
            if (file.Name.StartsWith(_marker, StringComparison.Ordinal) || file.LastWriteTimeUtc < _time.GetUtcNow().UtcDateTime - AbandonedAfter)
            {
                file.Delete();
            }
        }
    }
}
