namespace Emu.Pipeline.Files;

/// <summary>Another process (or another handle in this one) kept a lock file for too long.</summary>
public sealed class FileLockedException(string path, TimeSpan timeout, Exception innerException)
    : IOException($"Another process kept the lock '{path}' for {timeout.TotalSeconds:0.#} s.", innerException)
{
    /// <summary>The lock file.</summary>
    public string Path { get; } = path;
}

/// <summary>
/// A lock between processes: a file that is held open exclusively. It ends with <see cref="Dispose"/>, or with the process
/// however that ends. The file itself stays.
/// </summary>
public sealed class FileLock : IDisposable
{
    // .NET gives the raw errno on Unix and 0x8007 and the Win32 code on Windows.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int WindowsLockViolation = unchecked((int)0x80070021);
    private const int LongestPauseMilliseconds = 20;

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, waiting while another process has it.</summary>
    /// <param name="path">The lock file; made if it is not there.</param>
    /// <param name="timeout">How long to wait; zero tries once.</param>
    /// <exception cref="FileLockedException">The lock was not free in time.</exception>
    /// <exception cref="IOException">The file cannot be made or opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be made or opened.</exception>
    public static FileLock Acquire(string path, TimeSpan timeout)
    {
        var started = Environment.TickCount64;
        for (var attempt = 0; ; attempt++)
        {
            if (TryOpen(path, timeout, started) is { } held)
            {
                return held;
            }

            Thread.Sleep(PauseAfter(attempt));
        }
    }

    /// <inheritdoc cref="Acquire"/>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async ValueTask<FileLock> AcquireAsync(string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = Environment.TickCount64;
        for (var attempt = 0; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryOpen(path, timeout, started) is { } held)
            {
                return held;
            }

            await Task.Delay(PauseAfter(attempt), cancellationToken);
        }
    }

    /// <summary>Whether a file could not be opened because another process (or handle) has it to itself.</summary>
    public static bool IsSharingViolation(IOException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return OperatingSystem.IsWindows()
            ? exception.HResult is WindowsSharingViolation or WindowsLockViolation
            : exception.HResult == (OperatingSystem.IsLinux() ? LinuxWouldBlock : MacWouldBlock);
    }

    /// <summary>Replaces the lock file's content, for people who look into it; for example the process's id.</summary>
    public void SetContent(ReadOnlySpan<byte> content)
    {
        _file.SetLength(0);
        _file.Position = 0;
        _file.Write(content);
        _file.Flush();
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _file.Dispose();

    // Null while another process has the lock and there is time left.
    private static FileLock? TryOpen(string path, TimeSpan timeout, long started)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException exception) when (IsSharingViolation(exception))
        {
            return Environment.TickCount64 - started < timeout.TotalMilliseconds ? null : throw new FileLockedException(path, timeout, exception);
        }
    }

    // Random, so that processes that wait for the same lock do not try in step.
    private static int PauseAfter(int attempt) => Random.Shared.Next(1, Math.Min(2 + attempt, LongestPauseMilliseconds));
}
