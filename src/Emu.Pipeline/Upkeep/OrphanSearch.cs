using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Upkeep;

/// <summary>Searches the whole store for files without a job, files of attempts that no manifest names, and claims without a job.</summary>
internal sealed class OrphanSearch(IArtifactStore store, JobServiceOptions options, TimeProvider time)
{
    private readonly JobRecords _records = new(store);

    public async Task<(int Files, int Claims)> RunAsync(CancellationToken cancellationToken) =>
        (await FilesAsync(cancellationToken), await ClaimsAsync(cancellationToken));

    private async Task<int> FilesAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        var folder = "";
        var files = new List<ArtifactInfo>();
        await foreach (var file in store.ListAsync(JobNames.Jobs, null, cancellationToken))
        {
            var end = file.Name.IndexOf('/', JobNames.Jobs.Length);
            var own = end < 0 ? "" : file.Name[..(end + 1)];
            if (own != folder)
            {
                removed += await ClearAsync(folder, files, cancellationToken);
                folder = own;
                files.Clear();
            }

            files.Add(file);
        }

        return removed + await ClearAsync(folder, files, cancellationToken);
    }

    private async Task<int> ClearAsync(string folder, List<ArtifactInfo> files, CancellationToken cancellationToken)
    {
        if (folder.Length == 0)
        {
            return 0;
        }

        // A recent file may belong to an attempt that is about to create its manifest.
        var old = files.Where(file => time.GetUtcNow() - file.LastModified > options.TombstoneRetention).ToList();
        if (old.Count == 0 || await OrphansAsync(folder, old, cancellationToken) is not { Count: > 0 } orphans)
        {
            return 0;
        }

        foreach (var orphan in orphans)
        {
            await store.DeleteAsync(orphan.Name, cancellationToken);
        }

        return orphans.Count;
    }

    private async Task<List<ArtifactInfo>> OrphansAsync(string folder, List<ArtifactInfo> files, CancellationToken cancellationToken)
    {
        JobRecord? record;
        try
        {
            record = await _records.FindAsync(folder[JobNames.Jobs.Length..^1], cancellationToken);
        }
        catch (ArtifactStoreException exception) when (!exception.Retryable)
        {
            // A record that cannot be read still says that there is a job.
            return [];
        }

        if (record is null)
        {
            return files;
        }

        if (!record.HasEnded || options.KeepIntermediate)
        {
            return [];
        }

        var kept = record.KeptArtifacts;
        return [.. files.Where(file => file.Name.AsSpan(folder.Length).Contains('/') && !kept.Contains(file.Name))];
    }

    private async Task<int> ClaimsAsync(CancellationToken cancellationToken)
    {
        var old = new List<string>();
        await foreach (var claim in store.ListAsync(JobNames.Claims, null, cancellationToken))
        {
            if (time.GetUtcNow() - claim.LastModified > 2 * options.CreationTimeout)
            {
                old.Add(claim.Name);
            }
        }

        var removed = 0;
        foreach (var name in old)
        {
            if (await store.ReadAsync(name, cancellationToken) is { } content && !await IsHeldAsync(name, content, cancellationToken))
            {
                await store.DeleteAsync(name, cancellationToken);
                removed++;
            }
        }

        return removed;
    }

    // A damaged claim, or one of a job that does not exist, is not held. A damaged record still says that there is a job.
    private async Task<bool> IsHeldAsync(string name, ArtifactContent content, CancellationToken cancellationToken)
    {
        IdempotencyClaim claim;
        try
        {
            claim = IdempotencyClaims.Read(name, content);
        }
        catch (ArtifactStoreException)
        {
            return false;
        }

        try
        {
            return await _records.FindAsync(claim.JobId, cancellationToken) is not null;
        }
        catch (ArtifactStoreException exception) when (!exception.Retryable)
        {
            return true;
        }
    }
}
