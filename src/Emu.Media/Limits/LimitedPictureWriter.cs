using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Resizing;
using Emu.Media.Video;
using Emu.Media.Video.Ffmpeg;

namespace Emu.Media.Limits;

/// <summary>A still that was written within a limit.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Length">Size of the file in bytes.</param>
/// <param name="Reductions">What was given up for it, in words. Empty if nothing was.</param>
public sealed record LimitedPicture(int Width, int Height, long Length, IReadOnlyList<string> Reductions);

/// <summary>Writes stills of at most so many bytes. What is too large is reduced in quality (JPEG, WebP) or colours (PNG), then in size.</summary>
/// <param name="options">Where ffmpeg is, which chooses the colours.</param>
public sealed class LimitedPictureWriter(FfmpegOptions? options = null)
{
    private static readonly int[] MildQualities = [80, 70, 60, 50];

    private static readonly int[] StrongQualities = [35, 20, 8];

    // With the part of a PNG's bytes that is left.
    private static readonly (int Colors, double Part)[] MildColors = [(256, 0.45), (128, 0.36), (64, 0.29)];

    private static readonly (int Colors, double Part)[] StrongColors = [(32, 0.22), (16, 0.17), (8, 0.13)];

    private static readonly double[] MildScales = [0.9, 0.8, 0.72, 0.64, 0.57, 0.5];

    private static readonly double[] StrongScales = [0.4, 0.32, 0.25, 0.2, 0.16, 0.125];

    private readonly PictureWriter _writer = new();
    private readonly VideoEncoder _videos = new(options);
    private readonly PictureReader _reader = new();

    /// <summary>Writes into a stream.</summary>
    /// <param name="picture">The picture, of the size wanted.</param>
    /// <param name="encoding">Format and ground; the quality is the best that is tried.</param>
    /// <param name="maximumBytes">The most bytes, or null.</param>
    /// <param name="minimumSide">The smallest longer side, in pixels, that the picture may be reduced to.</param>
    /// <param name="destination">Not closed, and untouched unless the picture is small enough.</param>
    /// <param name="cancellationToken">Until everything is written.</param>
    /// <exception cref="SizeLimitException">It cannot be made small enough.</exception>
    public async Task<LimitedPicture> WriteAsync(
        Picture picture, PictureEncoding encoding, long? maximumBytes, int minimumSide, Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(encoding);
        ArgumentNullException.ThrowIfNull(destination);
        var steps = Steps(picture, encoding, minimumSide);
        var maximum = maximumBytes ?? long.MaxValue;
        var best = Array.Empty<byte>();
        var (found, _, smallest) = await SizeSearch.FindAsync([.. steps.Select(step => step.EstimatedBytes)], maximum, async index =>
        {
            using var file = new MemoryStream();
            var step = steps[index];
            var reduced = picture.Resized(step.Width, step.Height);
            reduced = step.Colors is { } colors ? await WithColorsAsync(reduced, colors, cancellationToken) : reduced;
            await _writer.WriteAsync(reduced, file, encoding with { Quality = step.Quality }, cancellationToken);
            best = file.Length <= maximum ? file.ToArray() : best;
            return file.Length;
        });
        if (found is not { } step)
        {
            throw new SizeLimitException(PictureFormats.All[encoding.Format].Title, maximum, smallest, steps[^1].ComparedWith(steps[0]));
        }
        await destination.WriteAsync(best, cancellationToken);
        return new LimitedPicture(steps[step].Width, steps[step].Height, best.Length, steps[step].ComparedWith(steps[0]));
    }

    private static List<Step> Steps(Picture picture, PictureEncoding encoding, int minimumSide)
    {
        // A WebP of quality 100 is lossless.
        var hasQuality = encoding is { Format: PictureFormat.Jpeg } or { Format: PictureFormat.WebP, Quality: < 100 };
        var (quality, colors, part, scale) = (encoding.Quality, (int?)null, 1.0, 1.0);
        var steps = new List<Step>();
        Add();
        Lower(MildQualities, MildColors);
        Shrink(MildScales);
        Lower(StrongQualities, StrongColors);
        Shrink(StrongScales);
        return steps;

        // Half a byte a pixel is usual for a sticker as a PNG; half the quality takes about half the bytes.
        void Add()
        {
            var (width, height) = (Scaled(picture.Width, scale), Scaled(picture.Height, scale));
            steps.Add(new Step(quality, colors, width, height, 0.5 * width * height * part * (quality + 15) / 105));
        }

        void Lower(int[] qualities, (int Colors, double Part)[] palettes)
        {
            foreach (var next in qualities.Where(next => hasQuality && next < encoding.Quality))
            {
                quality = next;
                Add();
            }
            foreach (var next in palettes.Where(_ => encoding.Format == PictureFormat.Png))
            {
                (colors, part) = next;
                Add();
            }
        }

        void Shrink(double[] scales)
        {
            foreach (var next in scales.Where(next => Math.Max(picture.Width, picture.Height) * next >= minimumSide))
            {
                scale = next;
                Add();
            }
        }
    }

    private static int Scaled(int side, double scale) => Math.Max(1, (int)Math.Round(side * scale, MidpointRounding.AwayFromZero));

    /// <summary>The picture in its most important colours. A clip of one frame is an ordinary PNG.</summary>
    private async Task<Picture> WithColorsAsync(Picture picture, int colors, CancellationToken cancellationToken)
    {
        using var clip = new MemoryStream();
        var fidelity = new VideoFidelity { Colors = colors, AlphaSteps = 15, Dithers = false };
        var encoding = new VideoEncoding { Format = VideoFormat.Apng, Transparent = true, AllowsPalette = false, Fidelity = fidelity };
        await _videos.EncodeAsync(new[] { picture }.ToAsyncEnumerable(), encoding, clip, cancellationToken: cancellationToken);
        clip.Position = 0;
        return await _reader.ReadAsync(clip, cancellationToken);
    }

    private sealed record Step(int Quality, int? Colors, int Width, int Height, double EstimatedBytes)
    {
        public IReadOnlyList<string> ComparedWith(Step first) =>
        [
            .. Quality != first.Quality ? [$"quality {Quality} instead of {first.Quality}"] : Array.Empty<string>(),
            .. Colors is { } colors ? [$"{colors} colours"] : Array.Empty<string>(),
            .. Width != first.Width ? [$"{Width}×{Height} instead of {first.Width}×{first.Height} pixels"] : Array.Empty<string>(),
        ];
    }
}
