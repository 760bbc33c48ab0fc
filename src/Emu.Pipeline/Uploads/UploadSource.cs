namespace Emu.Pipeline.Uploads;

/// <summary>The upload a job was made from; kept in its request, so that its results find their way back.</summary>
/// <param name="Container">The container's name.</param>
/// <param name="Name">The picture's name in it.</param>
public sealed record UploadSource(string Container, string Name);
