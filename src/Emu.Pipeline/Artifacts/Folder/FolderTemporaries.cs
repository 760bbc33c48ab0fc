using Emu.Pipeline.Files;

namespace Emu.Pipeline.Artifacts.Folder;

/// <summary>How a folder store behaves.</summary>
public sealed record FolderArtifactStoreOptions
{
    /// <summary>
    /// Whether every file is forced to the disk before it counts. Without it (the default) everything survives the process's
    /// end at any moment, but not the loss of power.
    /// </summary>
    public bool FlushToDisk { get; init; }
}

/// <summary>Files being written, under names that no listing shows, until they are moved into place.</summary>
internal sealed class FolderTemporaries
{
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);

    private readonly string _folder;
    private readonly string _marker;
    private readonly AtomicFileOptions _options;
    private readonly TimeProvider _time;

    public FolderTemporaries(string folder, bool owned, bool flushToDisk, TimeProvider time)
    {
        _folder = folder;
        _marker = owned ? "owner-" : "beside-";
        _options = new AtomicFileOptions { FlushToDisk = flushToDisk };
        _time = time;
        Directory.CreateDirectory(folder);
        ProbeTimes();
        if (owned)
        {
            RemoveAbandoned();
        }
    }

    public AtomicFile Write(ReadOnlySpan<byte> content) => AtomicFile.Create(NewPath(), content, _options);

    public async Task<AtomicFile> WriteAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var file = FolderErrors.Translated(() => AtomicFile.Create(NewPath(), _options));
        try
        {
            // Only the store's own failures are translated; those of the writer's sources come out as they are.
            await using var stream = new StoreStream(file.Stream, FolderErrors.Translate, leaveOpen: true);
            await write(stream, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            FolderErrors.Translated(file.Complete);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private string NewPath() => Path.Combine(_folder, _marker + Guid.NewGuid().ToString("N"));

    private void ProbeTimes()
    {
        using var probe = Write([]);
        var time = new DateTime(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc).AddTicks(1_234_567);
        File.SetLastWriteTimeUtc(probe.TemporaryPath, time);
        if (File.GetLastWriteTimeUtc(probe.TemporaryPath) != time)
        {
            throw new ArtifactStoreException($"The file system of '{_folder}' rounds file times, which tell versions apart. Use a folder on another disk, or a blob container.", false);
        }
    }

    private void RemoveAbandoned()
    {
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles())
        {
            // There is no other owner; processes beside this one may still be writing.
            if (file.Name.StartsWith(_marker, StringComparison.Ordinal) || file.LastWriteTimeUtc < _time.GetUtcNow().UtcDateTime - AbandonedAfter)
            {
                file.Delete();
            }
        }
    }
}
