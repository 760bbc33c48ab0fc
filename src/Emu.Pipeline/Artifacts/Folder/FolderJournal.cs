using System.Text;

namespace Emu.Pipeline.Artifacts.Folder;

/// <summary>
/// How a process beside the owner tells it which names it wrote or removed: lines at the end of one file. The owner, which
/// keeps listings in memory, reads what was added before it lists.
/// </summary>
internal sealed class FolderJournal(string path)
{
    private readonly Lock _reading = new();
    private long _read;

    /// <summary>Begins again, empty: the owner's first act.</summary>
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
