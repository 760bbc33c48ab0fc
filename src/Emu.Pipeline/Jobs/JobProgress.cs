using System.Text.Json.Serialization;

namespace Emu.Pipeline.Jobs;

/// <summary>
/// How far a job is: <c>jobs/{id}/progress.json</c>, written by stages a few times a second at most and without condition, so
/// that an older report may replace a newer one for a moment. Readers drop a lower <see cref="Version"/> than they have seen.
/// </summary>
/// <param name="Ordinal">The stage's place among the job's stages, from 1.</param>
/// <param name="Stages">How many stages the job has.</param>
/// <param name="Stage">The stage's name.</param>
/// <param name="UnitsDone">Units (steps, frames) of the stage that are done.</param>
/// <param name="UnitsTotal">Units of the stage in all, at least 1.</param>
/// <param name="Percent">The whole job, 0 to 100; 100 only when it has completed.</param>
/// <param name="UpdatedAt">When this was written, UTC.</param>
public sealed record JobProgress(int Ordinal, int Stages, string Stage, int UnitsDone, int UnitsTotal, int Percent, DateTimeOffset UpdatedAt)
{
    /// <summary>What two reports are compared by.</summary>
    [JsonIgnore]
    public ProgressVersion Version => new(Ordinal, UnitsDone);
}
