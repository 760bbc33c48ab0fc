namespace Emu.Pipeline.Uploads;

/// <summary>A container that is watched, where its results go, and how its pictures become jobs.</summary>
/// <param name="Uploads">Where pictures are put.</param>
/// <param name="Outputs">Where results land.</param>
/// <param name="Options">Whose jobs they are, and what to do about missing texts.</param>
public sealed record UploadRoute(IUploadContainer Uploads, IUploadContainer Outputs, UploadOptions Options);
