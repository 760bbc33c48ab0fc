using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Orchestrations;

/// <summary>What the orchestration of a stage's further slices starts with.</summary>
/// <param name="Activity">The stage's activity.</param>
/// <param name="Call">The next slice's call.</param>
public sealed record SlicesInput(string Activity, StageCall Call);
