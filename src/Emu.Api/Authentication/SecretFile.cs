using Emu.Pipeline.Files;

namespace Emu.Api.Authentication;

/// <summary>Files that only their owner may read (mode 0600 where there are modes), written whole or not at all.</summary>
public static class SecretFile
{
    private static readonly AtomicFileOptions Options = new() { OwnerOnly = true, FlushToDisk = true };
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Writes a file under a temporary name and moves it into its place.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content) => AtomicFile.Write(path, content, Options);

    /// <summary>Keeps other processes from changing a file at the same time; waits up to ten seconds for them.</summary>
    /// <exception cref="FileLockedException">Another process holds it for too long.</exception>
    public static IDisposable Lock(string path) => FileLock.Acquire(path + ".lock", LockTimeout);
}
