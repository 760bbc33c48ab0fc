namespace Emu.Pipeline.Stages;

/// <summary>
/// Says that a stage (or a chunk of one) is done: <c>jobs/{id}/{stage}.manifest.json</c>, created only if absent. Only what a
/// manifest names counts; a later attempt adopts it.
/// </summary>
/// <param name="Stage">The stage's name, with its chunk.</param>
/// <param name="InputHash">What it was made from, 64 hexadecimal digits.</param>
/// <param name="Files">What it left.</param>
/// <param name="Chunks">Into how many chunks the next stage is split, if it is.</param>
/// <param name="CompletedAt">When, UTC.</param>
public sealed record StageManifest(string Stage, string InputHash, IReadOnlyList<StageFile> Files, int? Chunks, DateTimeOffset CompletedAt)
{
    /// <summary>The version of this form.</summary>
    public int Version { get; init; } = 1;

    /// <summary>A file by its name, or null.</summary>
    public StageFile? Find(string name) => Files.FirstOrDefault(file => file.Name == name);
}
