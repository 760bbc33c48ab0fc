using System.Text.Json;
using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Jobs;

/// <summary>Reads and changes job records, always under their ETag.</summary>
public sealed class JobRecords(IArtifactStore store)
{
    /// <summary>A job's record, or null if there is none.</summary>
    /// <exception cref="ArtifactStoreException">It was written by a newer program, or cannot be read.</exception>
    public async Task<JobRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        await store.ReadAsync(JobNames.Record(id), cancellationToken) is { } content ? Read(id, content) : null;

    /// <summary>A job's progress, or null if no stage has reported.</summary>
    public async Task<JobProgress?> FindProgressAsync(string id, CancellationToken cancellationToken) =>
        await store.ReadAsync(JobNames.Progress(id), cancellationToken) is { } content
            ? JsonSerializer.Deserialize<JobProgress>(content.Content.Span, PipelineJson.Options)
            : null;

    /// <summary>Stores a new record.</summary>
    /// <returns>False if there is one of that id.</returns>
    public async Task<bool> CreateAsync(JobRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        return await store.CreateAsync(JobNames.Record(record.Id), Write(record), cancellationToken) is not null;
    }

    /// <summary>
    /// Changes a record: <paramref name="change"/> gets it as it stands and gives what it shall be, or null to leave it. Called
    /// again if somebody else changed it meanwhile.
    /// </summary>
    /// <returns>The record as it stands afterwards and whether this call changed it; null if there is none.</returns>
    public async Task<(JobRecord Record, bool Changed)?> ChangeAsync(string id, Func<JobRecord, JobRecord?> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        while (true)
        {
            if (await store.ReadAsync(JobNames.Record(id), cancellationToken) is not { } content)
            {
                return null;
            }

            var current = Read(id, content);
            if (change(current) is not { } changed)
            {
                return (current, false);
            }

            if (await store.UpdateAsync(JobNames.Record(id), Write(changed), content.ETag, cancellationToken) is not null)
            {
                return (changed, true);
            }
        }
    }

    private static byte[] Write(JobRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, PipelineJson.Options);

    private static JobRecord Read(string id, ArtifactContent content)
    {
        JobRecord? record;
        try
        {
            record = JsonSerializer.Deserialize<JobRecord>(content.Content.Span, PipelineJson.Options);
        }
        catch (JsonException exception)
        {
            throw new ArtifactStoreException($"The record of job '{id}' is damaged: {exception.Message}", false, exception);
        }

        return record switch
        {
            null => throw new ArtifactStoreException($"The record of job '{id}' is damaged: it is null.", false),
            { Version: > JobRecord.CurrentVersion } => throw new ArtifactStoreException($"The record of job '{id}' has version {record.Version}, and this program knows up to {JobRecord.CurrentVersion}. Use a newer program.", false),
            _ => record,
        };
    }
}
