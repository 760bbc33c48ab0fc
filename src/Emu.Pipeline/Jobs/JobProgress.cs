using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Jobs;

/// <summary>
/// How far a job is. Stages write it a few times a second at most and without condition, so an older report may replace a newer
/// one for a moment. Readers ignore a lower <see cref="Version"/> than they have seen.
/// </summary>
/// <param name="Ordinal">The stage's place among the job's stages, from 1.</param>
/// <param name="Stages">How many stages the job has.</param>
/// <param name="Stage">The stage's name.</param>
/// <param name="UnitsDone">Units (steps, frames) of the stage that are done.</param>
/// <param name="UnitsTotal">Units of the stage in all, at least 1.</param>
/// <param name="Percent">The whole job, 0 to 100; 100 only when it has completed.</param>
/// <param name="UpdatedAt">When this was written, UTC.</param>
/// <param name="StageDone">Whether the stage has left its files; its last unit is reported before that.</param>
public sealed record JobProgress(int Ordinal, int Stages, string Stage, int UnitsDone, int UnitsTotal, int Percent, DateTimeOffset UpdatedAt, bool StageDone = false)
{
    /// <summary>What two reports are compared by. The end of a stage counts as one more unit.</summary>
    [JsonIgnore]
    public ProgressVersion Version => new(Ordinal, UnitsDone + (StageDone ? 1 : 0));
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

/// <summary>Where the progress of jobs is kept. It is advisory: a job works without it.</summary>
public interface IJobProgressStore
{
    /// <summary>Replaces a job's progress and signals it in this process.</summary>
    Task WriteAsync(string jobId, JobProgress progress, CancellationToken cancellationToken);

    /// <summary>A job's progress; null if no stage has reported, or if what is stored is damaged.</summary>
    Task<JobProgress?> FindAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>Removes the progress of a job that is removed itself.</summary>
    Task RemoveAsync(string jobId, CancellationToken cancellationToken);
}

/// <summary>Progress in the store, <c>jobs/{id}/progress.json</c>: other processes see it.</summary>
public sealed class StoredJobProgress(IArtifactStore store, JobSignals? signals = null) : IJobProgressStore
{
    /// <inheritdoc/>
    public async Task WriteAsync(string jobId, JobProgress progress, CancellationToken cancellationToken)
    {
        var json = ArtifactJson.Write(progress);
        await store.WriteAsync(JobNames.Progress(jobId), (stream, token) => stream.WriteAsync(json, token).AsTask(), cancellationToken);
        signals?.Raise(jobId);
    }

    /// <inheritdoc/>
    public async Task<JobProgress?> FindAsync(string jobId, CancellationToken cancellationToken)
    {
        var name = JobNames.Progress(jobId);
        if (await store.ReadAsync(name, cancellationToken) is not { } content)
        {
            return null;
        }

        try
        {
            return ArtifactJson.Read<JobProgress>(name, content.Content);
        }
        catch (ArtifactStoreException)
        {
            // The next report replaces it.
            return null;
        }
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string jobId, CancellationToken cancellationToken) => store.DeleteAsync(JobNames.Progress(jobId), cancellationToken);
}

/// <summary>Progress in memory, for a process that runs its own jobs and that no other process watches.</summary>
public sealed class InMemoryJobProgress(JobSignals? signals = null) : IJobProgressStore
{
    private readonly ConcurrentDictionary<string, JobProgress> _progress = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task WriteAsync(string jobId, JobProgress progress, CancellationToken cancellationToken)
    {
        _progress[jobId] = progress;
        signals?.Raise(jobId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<JobProgress?> FindAsync(string jobId, CancellationToken cancellationToken) => Task.FromResult(_progress.GetValueOrDefault(jobId));

    /// <inheritdoc/>
    public Task RemoveAsync(string jobId, CancellationToken cancellationToken)
    {
        _progress.TryRemove(jobId, out _);
        return Task.CompletedTask;
    }
}
