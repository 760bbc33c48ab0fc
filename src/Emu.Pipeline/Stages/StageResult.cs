namespace Emu.Pipeline.Stages;

/// <summary>What a stage's activity answers.</summary>
/// <param name="Done">Whether the stage is done; if not, it is called again.</param>
/// <param name="Unit">The next slice's first unit, if not done.</param>
/// <param name="Checkpoint">The artifact in which this slice left off, if not done.</param>
/// <param name="Chunks">Into how many chunks the next stage is split, if it is.</param>
public sealed record StageResult(bool Done, int Unit = 0, string? Checkpoint = null, int? Chunks = null);
