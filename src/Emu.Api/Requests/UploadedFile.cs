namespace Emu.Api.Requests;

/// <summary>A file from a request's body.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ContentType">What the client says it is; not to be trusted.</param>
public sealed record UploadedFile(ReadOnlyMemory<byte> Content, string? ContentType);
