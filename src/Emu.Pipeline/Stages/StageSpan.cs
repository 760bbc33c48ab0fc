namespace Emu.Pipeline.Stages;

/// <summary>A stage's place in its job, for progress.</summary>
/// <param name="Ordinal">Its place among the stages, from 1.</param>
/// <param name="Stages">How many stages the job has.</param>
/// <param name="PercentFrom">The job's percent when the stage begins.</param>
/// <param name="PercentTo">The job's percent when it is done.</param>
public sealed record StageSpan(int Ordinal, int Stages, int PercentFrom, int PercentTo);
