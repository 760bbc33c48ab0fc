using System.Globalization;
using System.Runtime.CompilerServices;
using Emu.Pipeline.Files;

namespace Emu.Pipeline.Uploads;

/// <summary>
/// A folder as upload container. A file is listed once it has not changed for the settle time. Hidden files, and those with the
/// extensions that browsers and copying programs give unfinished files, are never listed.
/// </summary>
public sealed class FolderUploadContainer : IUploadContainer
{
    private static readonly string[] UnfinishedExtensions = [".tmp", ".part", ".partial", ".crdownload", ".download", "~"];

    private readonly string _root;
    private readonly TimeSpan _settleTime;
    private readonly TimeProvider _time;

    /// <summary>Creates the container, and the folder if it does not exist.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The container's name.</param>
    /// <param name="settleTime">How long a file must be unchanged before it is listed.</param>
    /// <param name="time">The clock.</param>
    public FolderUploadContainer(string folder, string name, TimeSpan settleTime, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(settleTime, TimeSpan.Zero);
        _root = Directory.CreateDirectory(folder).FullName;
        Name = name;
        _settleTime = settleTime;
        _time = time;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The folder's full path.</summary>
    public string Folder => _root;

    /// <inheritdoc/>
    public bool ShowsUnfinishedFiles => true;

    /// <inheritdoc/>
    public async IAsyncEnumerable<UploadedFile> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint };
        foreach (var file in new DirectoryInfo(_root).EnumerateFiles("*", options))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Describe(file) is { } uploaded)
            {
                yield return uploaded;
            }
        }

        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<UploadedFile?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Describe(new FileInfo(PathOf(name))));

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(UploadedFile file, long maximumLength, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Length > maximumLength)
        {
            return null;
        }

        try
        {
            await using var stream = new FileStream(PathOf(file.Name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            // No more than was listed, however much it has grown since; then its version says so.
            var content = new byte[file.Length];
            var length = await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
            var now = Describe(new FileInfo(PathOf(file.Name)));
            return now?.ETag == file.ETag && length == file.Length ? content : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string name, string contentType, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await AtomicFile.WriteAsync(path, content, null, cancellationToken);
    }

    private static bool IsUnfinished(string name) =>
        name.StartsWith('.') || UnfinishedExtensions.Any(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    private UploadedFile? Describe(FileInfo file)
    {
        if (IsUnfinished(file.Name) || !file.Exists)
        {
            return null;
        }

        var modified = new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero);
        // A time far ahead of the clock was set on another machine and kept when the file was copied.
        if ((_time.GetUtcNow() - modified).Duration() < _settleTime)
        {
            return null;
        }

        var name = Path.GetRelativePath(_root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
        return new UploadedFile(name, string.Create(CultureInfo.InvariantCulture, $"{modified.UtcTicks:x}-{file.Length:x}"), file.Length, modified, Prompt: null);
    }

    private string PathOf(string name)
    {
        var path = Path.GetFullPath(Path.Combine(_root, name));
        return path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"'{name}' does not name a file inside the folder.", nameof(name));
    }
}
