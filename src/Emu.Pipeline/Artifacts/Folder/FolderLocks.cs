using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Emu.Pipeline.Files;

namespace Emu.Pipeline.Artifacts.Folder;

/// <summary>Another process owns the data folder.</summary>
public sealed class FolderInUseException(string folder, Exception innerException)
    : Exception($"The data folder '{folder}' is in use by another process. Stop that one, or name another folder.", innerException)
{
    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;
}

/// <summary>
/// Locks by name, held across processes for the moment in which a file is put in place: 64 stripes, each a semaphore in this
/// process and a lock file between processes.
/// </summary>
internal sealed class FolderLocks : IDisposable
{
    private const int Stripes = 64;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, Stripes + 1).Select(_ => new SemaphoreSlim(1, 1))];
    private readonly string _folder;

    public FolderLocks(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
    }

    /// <summary>Takes the lock by which one process owns a folder. The lock file holds the process's id, for people who look into it.</summary>
    /// <exception cref="FolderInUseException">Another process has it.</exception>
    public static FileLock Own(string root, string path)
    {
        FileLock owned;
        try
        {
            owned = FileLock.Acquire(path, TimeSpan.Zero);
        }
        catch (FileLockedException exception)
        {
            throw new FolderInUseException(root, exception);
        }

        try
        {
            owned.SetContent(Encoding.UTF8.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            return owned;
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    /// <summary>Enters the lock of a name; disposing the result leaves it.</summary>
    /// <exception cref="ArtifactStoreException">Another process kept the lock for half a minute.</exception>
    public ValueTask<Held> EnterAsync(string name, CancellationToken cancellationToken) =>
        EnterAsync((int)(XxHash64.HashToUInt64(MemoryMarshal.AsBytes(name.AsSpan())) % Stripes), cancellationToken);

    /// <summary>Enters the journal's lock, which may be entered while a name's is held.</summary>
    /// <exception cref="ArtifactStoreException">Another process kept the lock for half a minute.</exception>
    public ValueTask<Held> EnterJournalAsync(CancellationToken cancellationToken) => EnterAsync(Stripes, cancellationToken);

    public void Dispose()
    {
        foreach (var gate in _gates)
        {
            gate.Dispose();
        }
    }

    private async ValueTask<Held> EnterAsync(int stripe, CancellationToken cancellationToken)
    {
        var gate = _gates[stripe];
        await gate.WaitAsync(cancellationToken);
        try
        {
            var path = Path.Combine(_folder, stripe.ToString("x2", CultureInfo.InvariantCulture));
            return new Held(gate, await FileLock.AcquireAsync(path, Timeout, cancellationToken));
        }
        catch (FileLockedException exception)
        {
            gate.Release();
            throw new ArtifactStoreException(exception.Message, true, exception);
        }
        catch
        {
            gate.Release();
            throw;
        }
    }

    /// <summary>A lock that is held.</summary>
    internal readonly struct Held(SemaphoreSlim gate, FileLock file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            gate.Release();
        }
    }
}
