using Emu.Generation.Edits;
using Emu.Media.Pictures;
using Emu.Media.Video.Ffmpeg;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>
/// Encodes frames to the files and the size requested. A video job's frames come as chunk files and become each
/// format, a thumbnail and a spritesheet; an image job's keyframe becomes each format, and an edited picture those besides its PNG. Without transparency the background is white.
/// What a target or a limit of bytes reduced is told in warnings.
/// </summary>
public sealed class EncodeStage(FfmpegOptions? ffmpeg = null) : IStage
{
    private const string Revision = "encode-4";

    private readonly FormatEncoder _encoder = new(ffmpeg);

    /// <inheritdoc/>
    public string Name => StageNames.Encode;

    /// <inheritdoc/>
    public ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken) => new(Revision);

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Budget.Start();
        FormatEncoder.Check(run.Request);
        return await FormatEncoder.RunAsync(() => run.Request.Kind switch
        {
            JobKind.Video => EncodeVideoAsync(run, cancellationToken),
            JobKind.Edit => EditEncoder.EncodeAsync(run, cancellationToken),
            _ => EncodeImageAsync(run, cancellationToken),
        });
    }

    private async Task<List<StageFile>> EncodeVideoAsync(StageRun run, CancellationToken cancellationToken)
    {
        var previews = new VideoPreviews(run.Request.Size, run.Request.Transparent, (int)Math.Round(run.Request.Seconds * run.Request.FramesPerSecond));
        var files = new List<StageFile>();
        foreach (var name in run.Request.Formats)
        {
            // The previews are collected while the first format is encoded.
            var isFirst = files.Count == 0;
            files.Add(await _encoder.VideoAsync(run, name, isFirst ? previews : null, isFirst ? null : previews.FrameCount, cancellationToken));
            await run.ReportAsync(files.Count, run.Request.Formats.Count + 1, cancellationToken);
        }

        if (!previews.IsComplete)
        {
            previews = new VideoPreviews(run.Request.Size, run.Request.Transparent, previews.FrameCount);
            _ = await previews.CollectAsync(_encoder.FramesAsync(run, cancellationToken), cancellationToken).CountAsync(cancellationToken);
        }

        // Each keeps one processor busy.
        var thumbnail = Task.Run(() => _encoder.WriteAsync(run, StageFiles.Thumbnail, previews.Thumbnail(), PictureFormat.WebP, cancellationToken), cancellationToken);
        var sheet = Task.Run(async () => await _encoder.WriteAsync(run, StageFiles.Spritesheet, await previews.SheetAsync(cancellationToken), PictureFormat.Jpeg, cancellationToken), cancellationToken);
        return [.. files, .. await Task.WhenAll(thumbnail, sheet)];
    }

    private async Task<List<StageFile>> EncodeImageAsync(StageRun run, CancellationToken cancellationToken)
    {
        var picture = await _encoder.PictureAsync(run, cancellationToken);
        var files = new List<StageFile>();
        foreach (var name in run.Request.Formats)
        {
            files.Add(await _encoder.ImageAsync(run, picture, name, cancellationToken));
            await run.ReportAsync(files.Count, run.Request.Formats.Count, cancellationToken);
        }

        return files;
    }
}

/// <summary>Encodes a completed job's frames, keyframe or picture to the one format that its run's request names.</summary>
public sealed class FormatStage(FfmpegOptions? ffmpeg = null) : IStage
{
    private readonly FormatEncoder _encoder = new(ffmpeg);

    /// <inheritdoc/>
    public string Name => StageNames.Format;

    /// <inheritdoc/>
    public ValueTask<string> FingerprintAsync(JobRequest request, CancellationToken cancellationToken) => new("");

    /// <inheritdoc/>
    public async Task<StageOutcome> RunAsync(StageRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        FormatEncoder.Check(run.Request);
        var format = run.Request.Formats.Single();
        return await FormatEncoder.RunAsync(async () =>
        [
            run.Request.Kind switch
            {
                JobKind.Video => await _encoder.VideoAsync(run, format, null, null, cancellationToken),
                JobKind.Edit => await EditEncoder.EncodeAsync(run, await EditEncoder.ReadAsync(run, cancellationToken), format, cancellationToken),
                _ => await _encoder.ImageAsync(run, await _encoder.PictureAsync(run, cancellationToken), format, cancellationToken),
            },
        ]);
    }
}
