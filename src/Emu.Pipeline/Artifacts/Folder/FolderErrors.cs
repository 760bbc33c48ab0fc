namespace Emu.Pipeline.Artifacts.Folder;

/// <summary>Translates the file system's errors into the store's.</summary>
internal static class FolderErrors
{
    // .NET gives the raw errno on Unix and 0x8007 and the Win32 code on Windows.
    private const int UnixNoSpace = 28;
    private const int LinuxQuota = 122;
    private const int MacQuota = 69;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>The store's exception for a file system's, or null for any other exception.</summary>
    public static Exception? Translate(Exception exception) => exception switch
    {
        IOException io when IsDiskFull(io) => new ArtifactStoreException("The disk is full. Nothing was written; free some space and try again.", true, exception),
        IOException => new ArtifactStoreException($"The data folder could not be read or written: {exception.Message}", true, exception),
        UnauthorizedAccessException => new ArtifactStoreException($"The data folder may not be read or written: {exception.Message}", false, exception),
        _ => null,
    };

    /// <summary>Runs an action, with the file system's errors as the store's.</summary>
    public static T Translated<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc cref="Translated{T}"/>
    public static void Translated(Action action) => Translated(() =>
    {
        action();
        return true;
    });

    /// <inheritdoc cref="Translated{T}"/>
    public static async Task<T> TranslatedAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Whether there is no room left.</summary>
    public static bool IsDiskFull(IOException exception) => OperatingSystem.IsWindows()
        ? exception.HResult is WindowsDiskFull or WindowsHandleDiskFull
        : exception.HResult == UnixNoSpace
            || exception.HResult == (OperatingSystem.IsMacOS() ? MacQuota : LinuxQuota);
}
