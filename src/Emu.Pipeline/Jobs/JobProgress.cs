using System.Diagnostics.CodeAnalysis;
using System.Globalization;
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

/// <summary>How far a job is, for comparing two reports: the stage's ordinal, then the units it has done. Written <c>2.17</c>.</summary>
/// <param name="Stage">The stage's ordinal, from 1.</param>
/// <param name="Units">The units of that stage that are done.</param>
public readonly record struct ProgressVersion(int Stage, int Units) : IComparable<ProgressVersion>
{
    /// <summary>Whether the left report is older.</summary>
    public static bool operator <(ProgressVersion left, ProgressVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left report is newer.</summary>
    public static bool operator >(ProgressVersion left, ProgressVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left report is not newer.</summary>
    public static bool operator <=(ProgressVersion left, ProgressVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left report is not older.</summary>
    public static bool operator >=(ProgressVersion left, ProgressVersion right) => left.CompareTo(right) >= 0;

    /// <summary>Reads <c>2.17</c>; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ProgressVersion version)
    {
        version = default;
        var parts = (text ?? "").Split('.');
        if (parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var stage)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var units))
        {
            return false;
        }

        version = new ProgressVersion(stage, units);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(ProgressVersion other) => Stage != other.Stage ? Stage.CompareTo(other.Stage) : Units.CompareTo(other.Units);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Stage}.{Units}");
}
