using System.Security.Cryptography;
using Emu.Durable.Abstractions;
using Emu.Pipeline.Artifacts;
using Emu.Pipeline.Jobs;

namespace Emu.Pipeline.Stages;

/// <summary>One attempt at a stage (or a slice of it), as its body sees it.</summary>
public sealed class StageRun
{
    private readonly StageCall _call;
    private readonly StageProgress _progress;
    private readonly string _attempt = Guid.NewGuid().ToString("N")[..12];

    internal StageRun(StageCall call, string stage, JobRecord job, IReadOnlyDictionary<string, StageManifest> inputs, string inputHash, IArtifactStore store, TimeBudget budget, StageProgress progress)
    {
        _call = call;
        _progress = progress;
        Stage = stage;
        Job = job;
        Inputs = inputs;
        InputHash = inputHash;
        Store = store;
        Budget = budget;
    }

    /// <summary>The job.</summary>
    public JobRecord Job { get; }

    /// <summary>What it makes.</summary>
    public JobRequest Request => Job.Request;

    /// <summary>The stage's name, with its chunk: <c>upsample.3</c>.</summary>
    public string Stage { get; }

    /// <summary>The chunk, from 0; 0 if the stage is not split.</summary>
    public int Chunk => _call.Chunk ?? 0;

    /// <summary>How many chunks there are; 1 if the stage is not split.</summary>
    public int Chunks => _call.Chunks ?? 1;

    /// <summary>The first unit (step, frame) to do; 0 at the beginning.</summary>
    public int Unit => _call.Unit;

    /// <summary>The artifact of the last slice's checkpoint; null at the beginning.</summary>
    public string? Checkpoint => _call.Checkpoint;

    /// <summary>What the stage is made from: request, files read, model. A checkpoint carries it and is refused with another.</summary>
    public string InputHash { get; }

    /// <summary>The manifests of earlier stages, by the stage's name with its chunk.</summary>
    public IReadOnlyDictionary<string, StageManifest> Inputs { get; }

    /// <summary>Where artifacts lie. Write with <see cref="WriteAsync"/>, so that attempts do not meet.</summary>
    public IArtifactStore Store { get; }

    /// <summary>How long this slice may take. Start it when the model is loaded; return a checkpoint when it is spent.</summary>
    public TimeBudget Budget { get; }

    /// <summary>A file that an earlier stage wrote.</summary>
    /// <exception cref="ActivityFailedException"><c>missing_input</c>: it did not write that file.</exception>
    public StageFile Input(string stage, string file) =>
        (Inputs.TryGetValue(stage, out var manifest) ? manifest.Find(file) : null)
        ?? throw new ActivityFailedException(new ActivityFailure(FailureCodes.MissingInput, $"Stage {Stage} needs '{file}', which stage {stage} did not leave.", false));

    /// <summary>Opens a file that an earlier stage wrote; the stream is seekable.</summary>
    /// <exception cref="ActivityFailedException"><c>missing_input</c>: it did not write that file, or the file is missing or truncated.</exception>
    public async Task<Stream> OpenInputAsync(string stage, string file, CancellationToken cancellationToken)
    {
        var input = Input(stage, file);
        var stream = await Store.OpenReadAsync(input.Artifact, cancellationToken);
        if (stream.Length == input.Length)
        {
            return stream;
        }

        var length = stream.Length;
        await stream.DisposeAsync();
        throw new ActivityFailedException(new ActivityFailure(FailureCodes.MissingInput, $"'{input.Artifact}' has {length} bytes, and stage {stage} left {input.Length}.", false));
    }

    /// <summary>Writes a file of this attempt; it counts once it is part of the outcome.</summary>
    /// <param name="file">Its name among the stage's files: <c>keyframe.png</c>.</param>
    /// <param name="write">Fills the stream, forward only.</param>
    /// <param name="cancellationToken">Stops; nothing is stored then.</param>
    public async Task<StageFile> WriteAsync(string file, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentNullException.ThrowIfNull(write);
        var artifact = JobNames.Attempt(Job.Id, Stage, _attempt, file);
        using var sha256 = SHA256.Create();
        var information = await Store.WriteAsync(
            artifact,
            async (stream, token) =>
            {
                await using var hashing = new CryptoStream(stream, sha256, CryptoStreamMode.Write, leaveOpen: true);
                await write(hashing, token);
            },
            cancellationToken);
        return new StageFile(file, artifact, information.Length, Convert.ToHexStringLower(sha256.Hash!));
    }

    /// <summary>
    /// Adds a warning to the job, which its owner sees at once; a warning that the job has already is not added again, so another
    /// attempt may repeat it.
    /// </summary>
    /// <param name="warning">One sentence for the job's owner, the same in every attempt.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task WarnAsync(string warning, CancellationToken cancellationToken) => new JobRecords(Store).WarnAsync(Job.Id, warning, cancellationToken);

    /// <summary>Adds to what an edit has found out, which its owner sees at once.</summary>
    /// <param name="change">Makes the new report of the old one, the same in every attempt.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task ReportEditAsync(Func<EditReport, EditReport> change, CancellationToken cancellationToken) => new JobRecords(Store).ReportEditAsync(Job.Id, change, cancellationToken);

    /// <summary>Reports progress. May be called after every unit: it is written a few times a second at most.</summary>
    /// <param name="done">Units of the stage (or chunk) that are done.</param>
    /// <param name="total">Units in all, at least 1.</param>
    /// <param name="cancellationToken">The body's token: a cancelled job ends here.</param>
    public ValueTask ReportAsync(int done, int total, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        cancellationToken.ThrowIfCancellationRequested();
        return _progress.ReportAsync(done, total, cancellationToken);
    }
}
