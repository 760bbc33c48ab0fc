using System.Globalization;
using Emu.Pipeline.Files;
using Microsoft.Win32.SafeHandles;

namespace Emu.Pipeline.Artifacts.Folder;

/// <summary>The files of a folder store: where a name lies, how a version is placed, read and removed.</summary>
internal sealed class FolderFiles(string root, TimeProvider time)
{
    private const int Attempts = 100;

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

    /// <summary>Moves a temporary file into place, later in time than the version it replaces.</summary>
    public ArtifactInfo Place(string name, AtomicFile temporary, ArtifactInfo? existing)
    {
        var stamp = time.GetUtcNow().UtcDateTime;
        if (existing is not null && stamp <= existing.LastModified.UtcDateTime)
        {
            stamp = existing.LastModified.UtcDateTime.AddTicks(1);
        }

        File.SetLastWriteTimeUtc(temporary.TemporaryPath, stamp);
        var length = new FileInfo(temporary.TemporaryPath).Length;
        var path = PathOf(name);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                temporary.MoveTo(path);
                return Describe(name, length, stamp);
            }
            catch (Exception exception) when (exception is DirectoryNotFoundException or FileNotFoundException && attempt < Attempts && File.Exists(temporary.TemporaryPath))
            {
                MakeFolder(Path.GetDirectoryName(path)!, isLast: attempt == Attempts - 1);
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
                // Another process put a file into it just now: it stays.
                yield break;
            }

            yield return name[..(slash + 1)];
        }
    }

    private static ArtifactInfo Describe(string name, long length, DateTime lastWriteUtc) =>
        new(name, length, string.Create(CultureInfo.InvariantCulture, $"{lastWriteUtc.Ticks:x}-{length:x}"), new DateTimeOffset(lastWriteUtc, TimeSpan.Zero));

    private string PathOf(string name) => Path.Combine(root, name.Replace('/', Path.DirectorySeparatorChar));

    // Others may remove a folder with its last file at any moment, also while its subfolders are being made, which .NET reports
    // in several ways. The caller tries again, and only the last attempt's failure is one.
    private static void MakeFolder(string path, bool isLast)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (IOException exception) when (!isLast && !FolderErrors.IsDiskFull(exception))
        {
            Thread.Yield();
        }
    }
}
