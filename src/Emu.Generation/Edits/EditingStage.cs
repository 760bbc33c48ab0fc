using Emu.Generation.Stages;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Edits;

/// <summary>A stage of edits, with what can go wrong in it as the stage's failure.</summary>
public abstract class EditingStage : IStage
{
    /// <summary>Stages that allocate more have worked on a large picture.</summary>
    private const long LargeBytes = 256 << 20;

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
}

/// <summary>
/// Reads the pictures that are edited. The last one is kept for the next stage of its job if it is not large, so that stages on one
/// machine decode it once. Safe for concurrent use: pictures never change.
/// </summary>
public sealed class EditSources
{
    /// <summary>Pictures of at most so many bytes are kept: 16 megapixels of 8 bits.</summary>
    private const int KeptBytes = 64 << 20;

    private Decoded? _last;

    /// <summary>Reads the picture of a job.</summary>
    /// <param name="run">An attempt of a stage of the job.</param>
    /// <param name="isLast">Whether no later stage of the job needs it: it is then kept no longer.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<SourcePicture> ReadAsync(StageRun run, bool isLast, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var artifact = run.Request.InputPicture!;
        var last = Volatile.Read(ref _last);
        if (last?.Artifact == artifact)
        {
            if (isLast)
            {
                Interlocked.CompareExchange(ref _last, null, last);
            }

            return last.Picture;
        }

        await using var stream = await run.Store.OpenReadAsync(artifact, cancellationToken);
        var picture = await new SourcePictureReader().ReadAsync(stream, cancellationToken);
        if (!isLast && picture.Bytes.Length <= KeptBytes)
        {
            Volatile.Write(ref _last, new Decoded(artifact, picture));
        }

        return picture;
    }

    private sealed record Decoded(string Artifact, SourcePicture Picture);
}
