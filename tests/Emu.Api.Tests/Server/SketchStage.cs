using System.Globalization;
using Emu.Generation.Edits;
using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Video;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Models;
using Emu.Pipeline.Stages;

namespace Emu.Api.Tests.Server;

/// <summary>
/// Stages that draw coloured squares instead of running a model: real files for the real encode stage, within milliseconds. A
/// prompt with "slow" in it takes seconds to animate, a step at a time; with "slow picture" the keyframe takes them; one with "broken" fails.
/// </summary>
public sealed class SketchStage(string name) : IStage
{
    private const int Steps = 40;
    private const int Chunks = 2;
    private const int FramesInChunk = 8;

    /// <summary>The capabilities of the sketches' model.</summary>
    public static ModelCapabilities Capabilities { get; } = new()
    {
        Name = "sketch",
        IsDefault = true,
        Kinds = [JobKind.Video, JobKind.Image, JobKind.Edit],
        AcceptsPicture = true,
        Motions = ["bounce", "spin back"],
        Cameras = ["zoom", "pan"],
        Sizes = [new FrameSize(64, 64), new FrameSize(32, 32)],
        Seconds = [4, 2],
        FrameRate = 4,
        Loops = true,
        Transparency = true,
        Steps = new NumberRange(1, 100, Steps),
        Guidance = new NumberRange(0, 10, 2),
        NoiseSchedulers = ["ddim"],
        VideoFormats = ["mp4", "gif", "webp", "apng", "webm"],
        ImageFormats = ["png", "jpeg", "webp"],
        EditTasks = EditPlans.GrammarTaskNames,
        MaximumPromptLength = 1000,
    };

    public string Name => name;

    public ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken) => new("sketch");

    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        run.Budget.Start();
        if (run.Request.Prompt.Contains("broken", StringComparison.Ordinal))
        {
            throw new Emu.Durable.Abstractions.ActivityFailedException(new Emu.Durable.Abstractions.ActivityFailure("unsupported", "Sketches of broken things are not supported.", false));
        }

        return Name switch
        {
            StageNames.Keyframe => await StepsAsync(run, "slow picture", cancellationToken)
                ?? StageOutcome.Done([await run.WriteAsync(StageFiles.KeyframePicture, (stream, token) => new PictureWriter().WriteAsync(Frame(run.Request, 0), stream, cancellationToken: token), cancellationToken)]),
            StageNames.Animate => await StepsAsync(run, "slow", cancellationToken) ?? StageOutcome.Done([]),
            StageNames.Interpolate => StageOutcome.Done([], Chunks),
            _ => StageOutcome.Done([await run.WriteAsync(StageFiles.FrameVideo, (stream, token) => new FrameChunkCodec().WriteAsync(FramesAsync(run), run.Request.FramesPerSecond, stream, cancellationToken: token), cancellationToken)]),
        };
    }

    // Null when every step is done.
    private static async Task<StageOutcome?> StepsAsync(StageRun run, string slowWord, CancellationToken cancellationToken)
    {
        var pause = run.Request.Prompt.Contains(slowWord, StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(100) : TimeSpan.Zero;
        for (var step = run.Unit; step < Steps; step++)
        {
            await Task.Delay(pause, cancellationToken);
            await run.ReportAsync(step + 1, Steps, cancellationToken);
            if (run.Budget.IsSpent && step + 1 < Steps)
            {
                return StageOutcome.Continue(step + 1, await run.WriteAsync("checkpoint", (stream, token) => stream.WriteAsync(new byte[1], token).AsTask(), cancellationToken));
            }
        }

        return null;
    }

    private static async IAsyncEnumerable<Picture> FramesAsync(StageRun run)
    {
        for (var frame = 0; frame < FramesInChunk; frame++)
        {
            yield return Frame(run.Request, run.Chunk * FramesInChunk + frame);
        }

        await Task.CompletedTask;
    }

    private static Picture Frame(JobRequest request, int frame)
    {
        var hash = string.Create(CultureInfo.InvariantCulture, $"{request.Prompt} {request.Seed}").Aggregate(17, (sum, character) => unchecked(sum * 31 + character));
        return Picture.Filled(request.Size.Width, request.Size.Height, new PictureColor((byte)hash, (byte)(hash >> 8), (byte)(frame * 16), 255));
    }
}
