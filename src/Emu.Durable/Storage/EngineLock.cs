using System.Globalization;

namespace Emu.Durable.Storage;

/// <summary>
/// The exclusive lock of a data folder: an open file that the operating system releases when the process ends, even if it is
/// killed. A second file beside it names the process that holds it.
/// </summary>
internal sealed class EngineLock : IDisposable
{
    private const string LockName = "engine.lock";
    private const string HolderName = "engine.holder";

    private readonly FileStream _file;
    private readonly string _holderPath;

    private EngineLock(FileStream file, string holderPath)
    {
        _file = file;
        _holderPath = holderPath;
    }

    /// <exception cref="DurableDataInUseException">Another process or engine holds the folder.</exception>
    public static EngineLock Acquire(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, LockName);
        var holderPath = Path.Combine(folder, HolderName);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new DurableDataInUseException(folder, ReadHolder(holderPath), exception);
        }

        try
        {
            var started = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            File.WriteAllText(holderPath, $"process {Environment.ProcessId} ({Path.GetFileName(Environment.ProcessPath)}) on {Environment.MachineName} since {started}");
            return new EngineLock(file, holderPath);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        File.Delete(_holderPath);
        _file.Dispose();
    }

    private static string? ReadHolder(string path)
    {
        try
        {
            return File.ReadAllText(path) is { Length: > 0 } text ? text : null;
        }
        catch (IOException)
        {
            // The holder has not written its name yet, or has just released the lock: report the lock alone.
            return null;
        }
    }
}
