using System.Collections.Concurrent;
using System.Text;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Pipeline.Tests;

/// <summary>A stage whose body a test gives; by default it writes a file made of its inputs.</summary>
internal sealed class TestStage(string name, Func<StageRun, CancellationToken, Task<StageOutcome>>? body = null) : IStage
{
    public string Name => name;

    public string Fingerprint { get; set; } = "model 1";

    /// <summary>Every run of the body: the stage with its chunk, and the unit it began at.</summary>
    public ConcurrentQueue<(string Stage, int Unit)> Runs { get; } = new();

    public ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken) => new(Fingerprint);

    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        Runs.Enqueue((run.Stage, run.Unit));
        return await (body ?? WriteOutputAsync)(run, cancellationToken);
    }

    /// <summary>Writes one file, made of the stage's name, the seed and the input hash.</summary>
    public static async Task<StageOutcome> WriteOutputAsync(StageRun run, CancellationToken cancellationToken) =>
        StageOutcome.Done([await WriteAsync(run, "out.txt", $"{run.Stage} {run.Request.Seed} {run.InputHash}", cancellationToken)]);

    public static Task<StageFile> WriteAsync(StageRun run, string file, string text, CancellationToken cancellationToken) =>
        run.WriteAsync(file, (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), token).AsTask(), cancellationToken);
}
