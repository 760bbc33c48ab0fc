using System.Runtime.CompilerServices;
using Emu.Pipeline.Files;

namespace Emu.Pipeline.Artifacts.Folder;

/// <summary>
/// Artifacts as plain files in a folder. Each write goes to a temporary file in <c>.emu</c>, which is then moved into place, so
/// that a file is there whole or not at all, whenever the process ends.
/// </summary>
/// <remarks>
/// One process may own the folder (<see cref="OpenOwned"/>): it holds the folder's exclusive lock and keeps listings in memory.
/// Others may work beside it (<see cref="OpenBeside"/>): conditional writes are safe across processes. An ETag is the file's time
/// and length; the store gives every version of a file a later time than the last. Network folders without file locks are not
/// supported, nor file systems that round times: use a blob container there.
/// </remarks>
public sealed class FolderArtifactStore : IArtifactStore, IFreeSpace, IDisposable
{
    private const int ListingBatch = 256;

    private readonly string _root;
    private readonly FolderFiles _files;
    private readonly FolderTemporaries _temporaries;
    private readonly FolderLocks _locks;
    private readonly FolderJournal _journal;
    private readonly TimeProvider _time;
    private readonly FolderIndex? _index;
    private readonly FileLock? _ownership;

    private FolderArtifactStore(string root, FolderArtifactStoreOptions? options, TimeProvider? time, bool owned)
    {
        _root = Path.GetFullPath(root);
        _time = time ?? TimeProvider.System;
        var own = Path.Combine(_root, ArtifactName.Reserved);
        try
        {
            Directory.CreateDirectory(own);
            if (owned)
            {
                _ownership = FolderLocks.Own(_root, Path.Combine(own, "owner"));
                _index = new FolderIndex(_root, _time);
            }

            _files = new FolderFiles(_root, _time);
            _temporaries = new FolderTemporaries(Path.Combine(own, "tmp"), owned, options?.FlushToDisk ?? false, _time);
            _locks = new FolderLocks(Path.Combine(own, "locks"));
            _journal = new FolderJournal(Path.Combine(own, "changes"));
            if (owned)
            {
                // Waits at most for the moment in which a process beside writes a line.
                using var held = _locks.EnterJournalAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
                _journal.Reset();
            }
        }
        catch (Exception exception)
        {
            _ownership?.Dispose();
            if (FolderErrors.Translate(exception) is { } translated)
            {
                throw translated;
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public long AvailableBytes => FolderErrors.Translated(() => new DriveInfo(_root).AvailableFreeSpace);

    /// <summary>The folder.</summary>
    public string Root => _root;

    /// <summary>Opens a folder (made if it is not there) and holds it: no other process can own it meanwhile.</summary>
    /// <exception cref="FolderInUseException">Another process owns it.</exception>
    /// <exception cref="ArtifactStoreException">It cannot be made or written, or its file system rounds times.</exception>
    public static FolderArtifactStore OpenOwned(string root, FolderArtifactStoreOptions? options = null, TimeProvider? time = null) => new(root, options, time, owned: true);

    /// <summary>Opens a folder beside its owner, if there is one.</summary>
    /// <exception cref="ArtifactStoreException">It cannot be made or written, or its file system rounds times.</exception>
    public static FolderArtifactStore OpenBeside(string root, FolderArtifactStoreOptions? options = null, TimeProvider? time = null) => new(root, options, time, owned: false);

    /// <inheritdoc/>
    public Task<ArtifactInfo?> FindAsync(string name, CancellationToken cancellationToken)
    {
        ArtifactName.Validate(name);
        return FolderErrors.TranslatedAsync(() => Task.FromResult(_files.Find(name)));
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string name, CancellationToken cancellationToken)
    {
        ArtifactName.Validate(name);
        return FolderErrors.TranslatedAsync(() =>
        {
            var file = _files.OpenRead(name, FileOptions.Asynchronous) ?? throw new ArtifactNotFoundException(name);
            return Task.FromResult<Stream>(new StoreStream(file, FolderErrors.Translate));
        });
    }

    /// <inheritdoc/>
    public Task<ArtifactContent?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        ArtifactName.Validate(name);
        return FolderErrors.TranslatedAsync(() => Task.FromResult(_files.Read(name)));
    }

    /// <inheritdoc/>
    public async Task<ArtifactInfo> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArtifactName.Validate(name);
        var temporary = await _temporaries.WriteAsync(write, cancellationToken);
        return (await PlaceAsync(name, temporary, _ => true, cancellationToken))!;
    }

    /// <inheritdoc/>
    public async Task<ArtifactInfo?> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ArtifactName.Validate(name);
        cancellationToken.ThrowIfCancellationRequested();
        var temporary = await FolderErrors.TranslatedAsync(() => _files.Find(name) is null ? Task.FromResult<AtomicFile?>(_temporaries.Write(content.Span)) : Task.FromResult<AtomicFile?>(null));
        return temporary is null ? null : await PlaceAsync(name, temporary, existing => existing is null, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ArtifactInfo?> UpdateAsync(string name, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(etag);
        ArtifactName.Validate(name);
        cancellationToken.ThrowIfCancellationRequested();
        var temporary = await FolderErrors.TranslatedAsync(() => Task.FromResult(_temporaries.Write(content.Span)));
        return await PlaceAsync(name, temporary, existing => existing?.ETag == etag, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        ArtifactName.Validate(name);
        return FolderErrors.TranslatedAsync(async () =>
        {
            using var held = await _locks.EnterAsync(name, cancellationToken);
            if (!_files.Delete(name))
            {
                return false;
            }

            _index?.Removed(name);
            foreach (var folder in _files.RemoveEmptyFolders(name))
            {
                _index?.RemovedFolder(folder);
            }

            await RecordAsync(name);
            return true;
        });
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArtifactInfo> ListAsync(string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArtifactName.ValidatePrefix(prefix);
        // A process that does not own the folder is not notified of changes: it reads each listing from disk.
        var index = _index ?? new FolderIndex(_root, _time);
        var after = startAfter ?? "";
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var names = await FolderErrors.TranslatedAsync(() => Task.FromResult(Take(index, prefix, after, ListingBatch)));
            foreach (var name in names)
            {
                // A file removed since then lists no more.
                if (await FindAsync(name, cancellationToken) is { } information)
                {
                    yield return information;
                }
            }

            if (names.Count < ListingBatch)
            {
                yield break;
            }

            after = names[^1];
        }
    }

    /// <inheritdoc/>
    public Task<int> CountAsync(string prefix, int limit, CancellationToken cancellationToken)
    {
        ArtifactName.ValidatePrefix(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return FolderErrors.TranslatedAsync(() => Task.FromResult(Take(_index ?? new FolderIndex(_root, _time), prefix, "", limit).Count));
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose()
    {
        _locks.Dispose();
        _ownership?.Dispose();
    }

    private Task<ArtifactInfo?> PlaceAsync(string name, AtomicFile temporary, Func<ArtifactInfo?, bool> condition, CancellationToken cancellationToken) => FolderErrors.TranslatedAsync(async () =>
    {
        using var removed = temporary;
        using var held = await _locks.EnterAsync(name, cancellationToken);
        var existing = _files.Find(name);
        if (!condition(existing))
        {
            return null;
        }

        var placed = _files.Place(name, temporary, existing);
        _index?.Added(name);
        await RecordAsync(name);
        return placed;
    });

    private async Task RecordAsync(string name)
    {
        if (_index is null)
        {
            // Not cancellable: the file is in place, and its owner must learn of it.
            using var held = await _locks.EnterJournalAsync(CancellationToken.None);
            _journal.Append(name);
        }
    }

    private List<string> Take(FolderIndex index, string prefix, string after, int limit)
    {
        foreach (var name in _index is null ? [] : _journal.ReadNew().Where(ArtifactName.IsValid))
        {
            if (_files.Find(name) is null)
            {
                index.Removed(name);
            }
            else
            {
                index.Added(name);
            }
        }

        return index.Take(prefix, after, limit);
    }
}
