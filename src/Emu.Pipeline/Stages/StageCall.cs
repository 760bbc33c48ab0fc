namespace Emu.Pipeline.Stages;

/// <summary>The message that calls a stage's activity: references only.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Span">The stage's place in the job.</param>
/// <param name="Reads">The stages (with their chunks) whose files this one reads.</param>
/// <param name="Chunk">The chunk, from 0, if the stage is split.</param>
/// <param name="Chunks">How many chunks there are, if the stage is split.</param>
/// <param name="Unit">The first unit (step, frame) to do; 0 for a stage's first slice.</param>
/// <param name="Checkpoint">The artifact in which the slice before left off, if there was one.</param>
public sealed record StageCall(
    string JobId,
    StageSpan Span,
    IReadOnlyList<string> Reads,
    int? Chunk = null,
    int? Chunks = null,
    int Unit = 0,
    string? Checkpoint = null);
