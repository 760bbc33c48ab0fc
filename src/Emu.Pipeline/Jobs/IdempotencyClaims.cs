using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Emu.Pipeline.Artifacts;

namespace Emu.Pipeline.Jobs;

/// <summary>Claims idempotency keys for jobs.</summary>
internal sealed class IdempotencyClaims(IArtifactStore store, JobServiceOptions options, TimeProvider time)
{
    /// <summary>The hash by which two requests are the same: the draft and the pictures' bytes.</summary>
    public static string HashOf(JobDraft draft, JobPictures pictures)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var ordered = draft with { Metadata = new SortedDictionary<string, string>(draft.Metadata.ToDictionary(), StringComparer.Ordinal) };
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(ordered, PipelineJson.Options));
        foreach (var (name, picture) in pictures.All)
        {
            // The first picture's mark is that of times when there was no other.
            hash.AppendData(name == JobPictures.InputName ? [0] : Encoding.UTF8.GetBytes($"\0{name}\0{picture.Content.Length}\0"));
            hash.AppendData(picture.Content.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Releases a job's key, if it has one and the key is still claimed for it. A damaged claim is left to retention.</summary>
    public static async Task ReleaseAsync(IArtifactStore store, JobRecord record, CancellationToken cancellationToken)
    {
        if (record.Claim is not { } name || await store.ReadAsync(name, cancellationToken) is not { } content)
        {
            return;
        }

        try
        {
            if (Read(name, content).JobId != record.Id)
            {
                return;
            }
        }
        catch (ArtifactStoreException)
        {
            return;
        }

        await store.DeleteAsync(name, cancellationToken);
    }

    /// <summary>Reads a claim.</summary>
    /// <exception cref="ArtifactStoreException">It is damaged.</exception>
    public static IdempotencyClaim Read(string name, ArtifactContent content)
    {
        var claim = ArtifactJson.Read<IdempotencyClaim>(name, content.Content);
        return JobId.TryParse(claim.JobId, out _) ? claim : throw new ArtifactStoreException($"'{name}' is damaged: '{claim.JobId}' is no job id.", false);
    }

    /// <summary>Finds the job that a key was claimed for. Changes nothing.</summary>
    /// <returns>Null if a new job may claim the key.</returns>
    /// <exception cref="IdempotencyMismatchException">The key was claimed for another request.</exception>
    /// <exception cref="JobConflictException"><c>idempotency_in_flight</c>: the first creation is still going on.</exception>
    public async Task<JobRecord?> FindAsync(string name, IdempotencyClaim claim, CancellationToken cancellationToken) =>
        await store.ReadAsync(name, cancellationToken) is { } content ? await HolderAsync(Read(name, content), claim, cancellationToken) : null;

    /// <summary>Claims a key for a new job.</summary>
    /// <returns>Null if the key is claimed for the new job now; else the job that it was claimed for before.</returns>
    /// <exception cref="IdempotencyMismatchException">The key was claimed for another request.</exception>
    /// <exception cref="JobConflictException"><c>idempotency_in_flight</c>: the first creation is still going on.</exception>
    public async Task<JobRecord?> TakeAsync(string name, IdempotencyClaim claim, CancellationToken cancellationToken)
    {
        var json = ArtifactJson.Write(claim);
        while (await store.CreateAsync(name, json, cancellationToken) is null)
        {
            if (await store.ReadAsync(name, cancellationToken) is not { } content)
            {
                continue;
            }

            var other = Read(name, content);
            if (other.JobId == claim.JobId)
            {
                // The store had stored the claim when its client tried again.
                return null;
            }

            if (await HolderAsync(other, claim, cancellationToken) is { } record)
            {
                return record;
            }

            if (await store.UpdateAsync(name, json, content.ETag, cancellationToken) is not null)
            {
                return null;
            }
        }

        return null;
    }

    // Null if the other creation was abandoned.
    private async Task<JobRecord?> HolderAsync(IdempotencyClaim other, IdempotencyClaim claim, CancellationToken cancellationToken)
    {
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
        return isAbandoned
            ? null
            : throw new JobConflictException("idempotency_in_flight", "The first request with this idempotency key is still being taken. Try again in a moment.");
    }
}

/// <summary>The claim of an idempotency key: <c>idempotency/{owner}/{hash of key}</c>, created only if absent.</summary>
/// <param name="BodyHash">The request's hash, 64 hexadecimal digits.</param>
/// <param name="JobId">The job that the request makes.</param>
public sealed record IdempotencyClaim(string BodyHash, string JobId);
