namespace Emu.Pipeline.Stages;

/// <summary>The message that calls a stage's activity: references only.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Span">The stage's place in the job.</param>
/// <param name="Reads">The stages (with their chunks) whose files this one reads.</param>
/// <param name="Chunk">The chunk, from 0, if the stage is split.</param>
/// <param name="Chunks">How many chunks there are, if the stage is split.</param>
/// <param name="Unit">The first unit (step, frame) to do; 0 for a stage's first slice.</param>
/// <param name="Checkpoint">The artifact of the last slice's checkpoint, if there was one.</param>
public sealed record StageCall(
    string JobId,
    StageSpan Span,
    IReadOnlyList<string> Reads,
    int? Chunk = null,
    int? Chunks = null,
    int Unit = 0,
    string? Checkpoint = null);

/// <summary>A stage's place in its job, for progress.</summary>
/// <param name="Ordinal">Its place among the stages, from 1.</param>
/// <param name="Stages">How many stages the job has.</param>
/// <param name="PercentFrom">The job's percent when the stage begins.</param>
/// <param name="PercentTo">The job's percent when it is done.</param>
public sealed record StageSpan(int Ordinal, int Stages, int PercentFrom, int PercentTo);

/// <summary>The result of a stage's activity.</summary>
/// <param name="Done">Whether the stage is done; if not, it is called again.</param>
/// <param name="Unit">The next slice's first unit, if not done.</param>
/// <param name="Checkpoint">The artifact of this slice's checkpoint, if not done.</param>
/// <param name="Chunks">Into how many chunks the next stage is split, if it is.</param>
public sealed record StageResult(bool Done, int Unit = 0, string? Checkpoint = null, int? Chunks = null);
