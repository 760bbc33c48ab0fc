namespace Emu.Pipeline.Artifacts;

/// <summary>What a store knows of an artifact.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="ETag">Its version; changes with every write.</param>
/// <param name="LastModified">When it was written, UTC.</param>
public sealed record ArtifactInfo(string Name, long Length, string ETag, DateTimeOffset LastModified);
