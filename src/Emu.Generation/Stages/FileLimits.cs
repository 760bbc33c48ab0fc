using System.Globalization;
using Emu.Media.Limits;
using Emu.Pipeline.Jobs;
using Emu.Pipeline.Stages;

namespace Emu.Generation.Stages;

/// <summary>What a job's files may be at most, by its target and its own limit of bytes, and what its owner is told of it.</summary>
internal sealed class FileLimits
{
    private readonly StickerTarget? _target;
    private readonly double _seconds;

    private FileLimits(JobRequest request)
    {
        // A format that was asked for later is not for the target unless the target takes it.
        _target = StickerTargets.Find(request.Target) is { } target && request.Formats.All(target.Of(request.Kind).Formats.Contains) ? target : null;
        _seconds = request.Seconds;
        var limits = _target?.Of(request.Kind);
        Limits = new VideoLimits
        {
            MaximumBytes = limits is null ? request.MaximumBytes : Math.Min(limits.MaximumBytes, request.MaximumBytes ?? long.MaxValue),
            MaximumSeconds = limits?.MaximumSeconds,
            MaximumFrameRate = limits?.MaximumFrameRate,
            MaximumFrames = limits?.MaximumFrames,
            MinimumSide = limits?.MinimumSide ?? new VideoLimits().MinimumSide,
        };
        AllowsPalette = limits?.AcceptsPalette ?? true;
    }

    /// <summary>The limits; those of bytes and side hold for stills too.</summary>
    public VideoLimits Limits { get; }

    /// <summary>Whether a PNG may have a palette.</summary>
    public bool AllowsPalette { get; }

    /// <summary>The limits of a request.</summary>
    public static FileLimits Of(JobRequest request) => new(request);

    /// <summary>Tells the job's owner what a file gave up.</summary>
    /// <param name="run">The stage's run.</param>
    /// <param name="format">The file's format, for people.</param>
    /// <param name="seconds">How long the file plays; null for a still.</param>
    /// <param name="reductions">What was reduced, in words.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task WarnAsync(StageRun run, string format, double? seconds, IReadOnlyList<string> reductions, CancellationToken cancellationToken)
    {
        if (seconds is { } length && length < _seconds - 0.001)
        {
            await run.WarnAsync(
                string.Create(CultureInfo.InvariantCulture, $"The {format} plays {_seconds / length:0.00} times as fast, in {length:0.00} s instead of {_seconds:0.###} s: {_target?.Title} last at most {Limits.MaximumSeconds:0.###} s."),
                cancellationToken);
        }

        if (reductions.Count > 0)
        {
            await run.WarnAsync(
                string.Create(CultureInfo.InvariantCulture, $"The {format} was reduced to stay within {Limits.MaximumBytes:#,0} bytes: {string.Join(", ", reductions)}."),
                cancellationToken);
        }
    }
}
