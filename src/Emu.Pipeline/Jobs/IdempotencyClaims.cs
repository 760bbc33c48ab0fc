using System.Security.Cryptography;
using System.Text.Json;
using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Jobs;

/// <summary>Claims idempotency keys for jobs.</summary>
internal sealed class IdempotencyClaims(IArtifactStore store, JobServiceOptions options, TimeProvider time)
{
    /// <summary>The hash by which two requests are the same: the draft and the picture's bytes.</summary>
    public static string HashOf(JobDraft draft, InputPicture? picture)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var ordered = draft with { Metadata = new SortedDictionary<string, string>(draft.Metadata.ToDictionary(), StringComparer.Ordinal) };
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(ordered, PipelineJson.Options));
        if (picture is not null)
        {
            hash.AppendData([0]);
            hash.AppendData(picture.Content.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Gives a job's key back, if it has one and the key is still taken for it.</summary>
    public static async Task ReleaseAsync(IArtifactStore store, JobRecord record, CancellationToken cancellationToken)
    {
        if (record.Claim is { } name
            && await store.ReadAsync(name, cancellationToken) is { } content
            && Read(name, content).JobId == record.Id)
        {
            await store.DeleteAsync(name, cancellationToken);
        }
    }

    /// <summary>Reads a claim.</summary>
    /// <exception cref="ArtifactStoreException">It is damaged.</exception>
    public static IdempotencyClaim Read(string name, ArtifactContent content)
    {
        try
        {
            return JsonSerializer.Deserialize<IdempotencyClaim>(content.Content.Span, PipelineJson.Options) is { JobId: not null, BodyHash: not null } claim
                ? claim
                : throw new ArtifactStoreException($"The claim '{name}' is damaged: it is incomplete.", false);
        }
        catch (JsonException exception)
        {
            throw new ArtifactStoreException($"The claim '{name}' is damaged: {exception.Message}", false, exception);
        }
    }

    /// <summary>Takes a key for a new job.</summary>
    /// <returns>Null if the key is ours now; else the job it was taken for, whose record exists.</returns>
    /// <exception cref="IdempotencyMismatchException">It was taken for another request.</exception>
    /// <exception cref="JobConflictException"><c>idempotency_in_flight</c>: the first creation is still going on.</exception>
    public async Task<JobRecord?> TakeAsync(string name, IdempotencyClaim claim, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(claim, PipelineJson.Options);
        while (await store.CreateAsync(name, json, cancellationToken) is null)
        {
            if (await store.ReadAsync(name, cancellationToken) is not { } content)
            {
                continue;
            }

            var other = Read(name, content);
            if (other.JobId == claim.JobId)
            {
                // Ours: the store answered the first try too late, and the client tried again.
                return null;
            }

            if (other.BodyHash != claim.BodyHash)
            {
                throw new IdempotencyMismatchException();
            }

            var record = await new JobRecords(store).FindAsync(other.JobId, cancellationToken);
            if (record is { State: not JobState.Deleted })
            {
                return record;
            }

            var isAbandoned = record is not null || time.GetUtcNow() - JobId.Parse(other.JobId).CreatedAt > 2 * options.CreationTimeout;
            if (!isAbandoned)
            {
                throw new JobConflictException("idempotency_in_flight", "The first request with this idempotency key is still being taken. Try again in a moment.");
            }

            if (await store.UpdateAsync(name, json, content.ETag, cancellationToken) is not null)
            {
                return null;
            }
        }

        return null;
    }
}

/// <summary>What stands under an idempotency key: <c>idempotency/{owner}/{hash of key}</c>, created only if absent.</summary>
/// <param name="BodyHash">The request's hash, 64 hexadecimal digits.</param>
/// <param name="JobId">The job that it makes.</param>
public sealed record IdempotencyClaim(string BodyHash, string JobId);
