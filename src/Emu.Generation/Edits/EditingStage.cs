using Emu.Generation.Stages;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Edits;

/// <summary>A stage of edits, with what can go wrong in it as the stage's failure.</summary>
public abstract class EditingStage : IStage
{
    /// <summary>Stages that allocate more have worked on a large picture.</summary>
    private const long LargeBytes = 256 << 20;

    /// <summary>Pictures of at most so many bytes are kept for the next stage: 16 megapixels of 8 bits.</summary>
    private const int KeptBytes = 64 << 20;

    private static DecodedPicture? _last;

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>The version of this code: changes whenever its results do.</summary>
    protected abstract string Revision { get; }

    /// <inheritdoc/>
    public virtual ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken) => new(Revision);

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var allocated = GC.GetTotalAllocatedBytes();
        try
        {
            return await WorkAsync(run, cancellationToken);
        }
        catch (Exception exception) when (ModelFailures.From(exception) is { } failure)
        {
            throw failure;
        }
        finally
        {
            if (GC.GetTotalAllocatedBytes() - allocated > LargeBytes)
            {
                // The collector would let the pictures of several stages add up, gigabytes at 50 megapixels, where a machine has the memory.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
        }
    }

    /// <summary>Does the stage's work.</summary>
    protected abstract Task<StageOutcome> WorkAsync(StageRun run, CancellationToken cancellationToken);

    /// <summary>Reads the picture that is edited. One that is not large is decoded once for the stages of a job.</summary>
    private protected static async Task<SourcePicture> ReadSourceAsync(StageRun run, CancellationToken cancellationToken)
    {
        var artifact = run.Request.InputPicture!;
        if (Volatile.Read(ref _last) is { } last && last.Store == run.Store && last.Artifact == artifact)
        {
            return last.Picture;
        }

        await using var stream = await run.Store.OpenReadAsync(artifact, cancellationToken);
        var picture = await new SourcePictureReader().ReadAsync(stream, cancellationToken);
        if (picture.Bytes.Length <= KeptBytes)
        {
            Volatile.Write(ref _last, new DecodedPicture(run.Store, artifact, picture));
        }

        return picture;
    }

    /// <summary>A decoded artifact; artifacts never change.</summary>
    private sealed record DecodedPicture(IArtifactStore Store, string Artifact, SourcePicture Picture);
}
