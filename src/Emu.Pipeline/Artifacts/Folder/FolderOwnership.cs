using System.Globalization;
using System.Text;

namespace Emu.Pipeline.Artifacts.Folder;

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
