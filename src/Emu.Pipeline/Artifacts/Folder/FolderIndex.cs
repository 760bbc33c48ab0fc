using System.Text;

namespace Emu.Pipeline.Artifacts.Folder;

/// <summary>
/// The folder's names in ordinal order. Large folders are kept in memory, read from disk at their first listing, kept up by
/// the store's own writes and read again after some minutes; small ones are read each time.
/// </summary>
/// <remarks>Within a folder, a subfolder sorts by its name with the slash, so that the whole listing is ordinal by full name.</remarks>
internal sealed class FolderIndex(string root, TimeProvider time)
{
    private const int SmallFolder = 128;
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Listing> _listings = new(StringComparer.Ordinal);

    /// <summary>Up to <paramref name="limit"/> names with the prefix, after <paramref name="after"/>, in ordinal order.</summary>
    public List<string> Take(string prefix, string after, int limit)
    {
        var names = new List<string>();
        lock (_lock)
        {
            Collect(prefix[..(prefix.LastIndexOf('/') + 1)], prefix, after, limit, names);
        }

        return names;
    }

    /// <summary>Adds a file, and the folders that were made for it, to the listings.</summary>
    public void Added(string name)
    {
        lock (_lock)
        {
            for (var end = name.Length; end > 0;)
            {
                var slash = name.LastIndexOf('/', end - 1);
                if (_listings.TryGetValue(name[..(slash + 1)], out var listing))
                {
                    listing.Entries.Add(end == name.Length ? name[(slash + 1)..] : name[(slash + 1)..(end + 1)]);
                }

                end = slash;
            }
        }
    }

    /// <summary>Removes a file. Folders that are empty now may stay in a listing: they list nothing.</summary>
    public void Removed(string name)
    {
        lock (_lock)
        {
            var slash = name.LastIndexOf('/');
            if (_listings.TryGetValue(name[..(slash + 1)], out var listing))
            {
                listing.Entries.Remove(name[(slash + 1)..]);
            }
        }
    }

    /// <summary>Removes a folder, unless it has been created again since.</summary>
    public void RemovedFolder(string folder)
    {
        lock (_lock)
        {
            if (Directory.Exists(PathOf(folder)))
            {
                return;
            }

            _listings.Remove(folder);
            var parent = folder[..(folder.LastIndexOf('/', folder.Length - 2) + 1)];
            if (_listings.TryGetValue(parent, out var listing))
            {
                listing.Entries.Remove(folder[parent.Length..]);
            }
        }
    }

    private void Collect(string folder, string prefix, string after, int limit, List<string> names)
    {
        var entries = EntriesOf(folder);
        // Everything before this entry sorts before 'after': start there.
        var start = after.StartsWith(folder, StringComparison.Ordinal) ? FirstEntry(after[folder.Length..]) : null;
        foreach (var entry in start is null ? entries : entries.GetViewBetween(start, char.MaxValue.ToString()))
        {
            if (names.Count >= limit)
            {
                return;
            }

            var full = folder + entry;
            if (entry[^1] == '/')
            {
                var mayHold = full.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(full, StringComparison.Ordinal);
                if (mayHold && (string.CompareOrdinal(full, after) > 0 || after.StartsWith(full, StringComparison.Ordinal)))
                {
                    Collect(full, prefix, after, limit, names);
                }
            }
            else if (full.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(full, after) > 0)
            {
                names.Add(full);
            }
        }
    }

    private static string FirstEntry(string rest)
    {
        var slash = rest.IndexOf('/');
        return slash < 0 ? rest : rest[..(slash + 1)];
    }

    private SortedSet<string> EntriesOf(string folder)
    {
        if (_listings.TryGetValue(folder, out var known) && time.GetElapsedTime(known.ReadAt) < Freshness)
        {
            return known.Entries;
        }

        var entries = new SortedSet<string>(StringComparer.Ordinal);
        var directory = new DirectoryInfo(PathOf(folder));
        try
        {
            foreach (var entry in directory.EnumerateFileSystemInfos())
            {
                if (folder.Length > 0 || !entry.Name.Equals(ArtifactName.Reserved, StringComparison.OrdinalIgnoreCase))
                {
                    entries.Add(entry is DirectoryInfo ? entry.Name + "/" : entry.Name);
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Never made, or removed with its last file: there is nothing to list.
        }

        if (entries.Count > SmallFolder)
        {
            _listings[folder] = new Listing(entries, time.GetTimestamp());
        }
        else
        {
            _listings.Remove(folder);
        }

        return entries;
    }

    private string PathOf(string folder) => Path.Combine(root, folder.Replace('/', Path.DirectorySeparatorChar));

    private sealed record Listing(SortedSet<string> Entries, long ReadAt);
}

/// <summary>
/// The names that processes beside the owner wrote or removed, one a line, appended to one file. The owner, which keeps listings
/// in memory, reads the new lines before it lists.
/// </summary>
internal sealed class FolderJournal(string path)
{
    private readonly Lock _reading = new();
    private long _read;

    /// <summary>Empties the journal; the owner does so first.</summary>
    public void Reset()
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Adds a name; the caller holds the journal's lock.</summary>
    public void Append(string name)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes(name + "\n"));
    }

    /// <summary>The names added since the last call, in order.</summary>
    public IReadOnlyList<string> ReadNew()
    {
        lock (_reading)
        {
            var information = new FileInfo(path);
            if (!information.Exists || information.Length == _read)
            {
                return [];
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(_read, SeekOrigin.Begin);
            var bytes = new byte[file.Length - _read];
            file.ReadExactly(bytes);
            // Names end with a line feed; what stands after the last one is still being written, or is half of a character.
            var end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
            _read += end;
            return Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }
}
