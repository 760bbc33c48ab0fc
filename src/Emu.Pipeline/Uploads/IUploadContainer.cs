namespace Emu.Pipeline.Uploads;

/// <summary>A folder or blob container that pictures are uploaded to, or that results are written to.</summary>
public interface IUploadContainer
{
    /// <summary>Its name in claims, logs and reports.</summary>
    string Name { get; }

    /// <summary>
    /// Whether a file may be listed while it is still being written (a folder). A picture that ends too early is then given time
    /// before it is refused as damaged.
    /// </summary>
    bool ShowsUnfinishedFiles { get; }

    /// <summary>The files that have not changed for the settle time.</summary>
    IAsyncEnumerable<UploadedFile> ListAsync(CancellationToken cancellationToken);

    /// <summary>One file, or null if it does not exist or has changed within the settle time.</summary>
    Task<UploadedFile?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Reads a file whole if it is still the given version.</summary>
    /// <returns>Null if it is gone or changed meanwhile, or longer than <paramref name="maximumLength"/> bytes.</returns>
    Task<byte[]?> ReadAsync(UploadedFile file, long maximumLength, CancellationToken cancellationToken);

    /// <summary>Writes a file, replacing one of the same name; whole or not at all.</summary>
    Task WriteAsync(string name, string contentType, Stream content, CancellationToken cancellationToken);
}

/// <summary>A file in an upload container.</summary>
/// <param name="Name">Its name in the container, with <c>/</c> between parts.</param>
/// <param name="ETag">Its version.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="LastModified">When it was last written, UTC.</param>
/// <param name="Prompt">The prompt in its metadata, decoded; null if there is none (an empty one is empty text).</param>
public sealed record UploadedFile(string Name, string ETag, long Length, DateTimeOffset LastModified, string? Prompt);
