using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace Emu.Pipeline.Artifacts.Folder;

/// <summary>
/// Locks by name, held across processes for the moment in which a file is put in place: 64 stripes, each a semaphore in this
/// process and an exclusively opened lock file between processes.
/// </summary>
internal sealed class FolderLocks : IDisposable
{
    private const int Stripes = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, Stripes + 1).Select(_ => new SemaphoreSlim(1, 1))];
    private readonly string _folder;

    public FolderLocks(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
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
            var path = Path.Combine(_folder, stripe.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
            return new Held(gate, await OpenAsync(path, cancellationToken));
        }
        catch
        {
            gate.Release();
            throw;
        }
    }

    private static async ValueTask<FileStream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var started = Environment.TickCount64;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException exception) when (FolderErrors.IsShared(exception))
            {
                if (Environment.TickCount64 - started > Patience.TotalMilliseconds)
                {
                    throw new ArtifactStoreException($"Another process kept the lock '{path}' for {Patience.TotalSeconds:0} s.", true, exception);
                }

                await Task.Delay(Random.Shared.Next(1, Math.Min(2 + attempt, 20)), cancellationToken);
            }
        }
    }

    /// <summary>A lock that is held.</summary>
    internal readonly struct Held(SemaphoreSlim gate, FileStream file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            gate.Release();
        }
    }
}

/// <summary>The lock by which one process owns a folder: a file held open exclusively, which ends with the process however it ends.</summary>
internal static class FolderOwnership
{
    /// <summary>Takes the lock; disposing the file gives it back. The file names the process, for whoever looks.</summary>
    /// <exception cref="FolderInUseException">Another process has it.</exception>
    public static FileStream Take(string root, string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (FolderErrors.IsShared(exception))
        {
            throw new FolderInUseException(root, exception);
        }

        try
        {
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}

/// <summary>Another process owns the data folder.</summary>
public sealed class FolderInUseException(string folder, Exception innerException)
    : Exception($"The data folder '{folder}' is in use by another process. Stop that one, or name another folder.", innerException)
{
    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;
}
