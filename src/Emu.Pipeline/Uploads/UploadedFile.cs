namespace Emu.Pipeline.Uploads;

/// <summary>A file somebody put into an upload container.</summary>
/// <param name="Name">Its name in the container, with <c>/</c> between parts.</param>
/// <param name="ETag">Its version.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="LastModified">When it was last written, UTC.</param>
/// <param name="Prompt">The prompt in its metadata, decoded; null if there is none (an empty one is empty text).</param>
public sealed record UploadedFile(string Name, string ETag, long Length, DateTimeOffset LastModified, string? Prompt);
