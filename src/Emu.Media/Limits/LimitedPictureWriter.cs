using Emu.Media.Codecs;
using Emu.Media.Pictures;
using Emu.Media.Resizing;

namespace Emu.Media.Limits;

/// <summary>A still that was written within a limit.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Length">Size of the file in bytes.</param>
/// <param name="Reductions">What was given up for it, in words. Empty if nothing was.</param>
public sealed record LimitedPicture(int Width, int Height, long Length, IReadOnlyList<string> Reductions);

/// <summary>Writes stills of at most so many bytes. What is too large is reduced in quality, where the format has one, then in size.</summary>
public sealed class LimitedPictureWriter
{
    private static readonly int[] MildQualities = [90, 80, 70, 60, 50];

    private static readonly int[] StrongQualities = [35, 20, 8];

    private static readonly double[] MildScales = [0.9, 0.8, 0.72, 0.64, 0.57, 0.5];

    private static readonly double[] StrongScales = [0.4, 0.32, 0.25, 0.2, 0.16, 0.125];

    private readonly PictureWriter _writer = new();

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
            await _writer.WriteAsync(steps[index].Resize(picture), file, encoding with { Quality = steps[index].Quality }, cancellationToken);
            best = file.Length <= maximum ? file.ToArray() : best;
            return file.Length;
        });
        if (found is not { } step)
        {
            throw new SizeLimitException(PictureFormats.All[encoding.Format].Title, maximum, smallest, string.Join(", ", steps[^1].ComparedWith(steps[0])));
        }
        await destination.WriteAsync(best, cancellationToken);
        return new LimitedPicture(steps[step].Width, steps[step].Height, best.Length, steps[step].ComparedWith(steps[0]));
    }

    private static List<Step> Steps(Picture picture, PictureEncoding encoding, int minimumSide)
    {
        // A PNG, and a WebP of quality 100, are lossless: they have no quality to lower.
        var hasQuality = encoding is { Format: PictureFormat.Jpeg } or { Format: PictureFormat.WebP, Quality: < 100 };
        var (quality, scale) = (encoding.Quality, 1.0);
        List<Step> steps = [Step.Of(picture, quality, scale)];
        AddQualities(MildQualities);
        AddScales(MildScales);
        AddQualities(StrongQualities);
        AddScales(StrongScales);
        return steps;

        void AddQualities(int[] qualities)
        {
            foreach (var next in qualities.Where(next => hasQuality && next < quality).ToList())
            {
                steps.Add(Step.Of(picture, quality = next, scale));
            }
        }

        void AddScales(double[] scales)
        {
            foreach (var next in scales.Where(next => Math.Max(picture.Width, picture.Height) * next >= minimumSide))
            {
                steps.Add(Step.Of(picture, quality, scale = next));
            }
        }
    }

    private sealed record Step(int Quality, int Width, int Height, double EstimatedBytes)
    {
        // Half the quality takes about half the bytes; half a byte a pixel is usual for a sticker as a PNG.
        public static Step Of(Picture picture, int quality, double scale)
        {
            var (width, height) = (Scaled(picture.Width, scale), Scaled(picture.Height, scale));
            return new Step(quality, width, height, 0.5 * width * height * (quality + 15) / 105);
        }

        public Picture Resize(Picture picture) => picture.Resized(Width, Height);

        public IReadOnlyList<string> ComparedWith(Step first) =>
        [
            .. Quality != first.Quality ? [$"quality {Quality} instead of {first.Quality}"] : Array.Empty<string>(),
            .. Width != first.Width ? [$"{Width}×{Height} instead of {first.Width}×{first.Height} pixels"] : Array.Empty<string>(),
        ];

        private static int Scaled(int side, double scale) => Math.Max(1, (int)Math.Round(side * scale, MidpointRounding.AwayFromZero));
    }
}
