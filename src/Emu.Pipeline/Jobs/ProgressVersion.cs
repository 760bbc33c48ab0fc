using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Emu.Pipeline.Jobs;

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
