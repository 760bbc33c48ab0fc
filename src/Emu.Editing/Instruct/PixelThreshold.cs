using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Media.Pictures;
using Emu.Media.Resizing;

namespace Emu.Editing.Instruct;

/// <summary>
/// Keeps the pixels that an edit did not change (Emu Edit, arXiv 2311.10089, on repeated edits): d = ‖before − after‖₁ of each pixel,
/// low-passed; where it is below α the old pixel stays. Before is what the model's autoencoder makes of the source, so that what
/// the autoencoder loses is no change. Kept pixels are copied at the source's own size and depth; the others are the source's, changed as
/// the model changed its smaller picture of them (<see cref="LinearChange"/>). Samples are of the source's own colour space throughout.
/// </summary>
public sealed record PixelThreshold
{
    private readonly double _alpha = 0.03;
    private readonly int _radius = 2;

    /// <summary>α, the least change that counts: the sum over red, green and blue, each 0 to 1; above 0, up to 3. Default 0.03.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside.</exception>
    public double Alpha
    {
        get => _alpha;
        init => _alpha = value is > 0 and <= 3 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "alpha lies above 0, up to 3.");
    }

    /// <summary>The low-pass filter averages squares of 2·radius + 1 pixels of the model's picture: 0 to 32. Default 2. (The paper does not say.)</summary>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside.</exception>
    public int Radius
    {
        get => _radius;
        init => _radius = value is >= 0 and <= 32 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The radius is 0 to 32.");
    }

    /// <summary>Composites an edit over its source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="before">What the model makes of it unchanged.</param>
    /// <param name="after">What the model makes of it by the instruction, of the size of <paramref name="before"/>.</param>
    /// <param name="region">What may change, of the source's size; everything if null.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The picture, with the source's alpha and metadata, and which of its pixels may differ.</returns>
    /// <exception cref="ArgumentException">The two are not of one size, or the region has another size than the source.</exception>
    public EditResult Apply(SourcePicture source, Picture before, Picture after, EditMask? region = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Width != after.Width || before.Height != after.Height)
        {
            throw new ArgumentException($"The pictures before and after are of one size; they are {before.Width}x{before.Height} and {after.Width}x{after.Height}.", nameof(after));
        }

        if (region is not null && (region.Width != source.Width || region.Height != source.Height))
        {
            throw new ArgumentException($"The region is of the picture's size, {source.Width}x{source.Height}; it is {region.Width}x{region.Height}.", nameof(region));
        }

        var changed = Enlarged(Changes(before, after), before.Width, before.Height, source.Width, source.Height, region, cancellationToken);
        var (width, height) = (Math.Min(before.Width, source.Width), Math.Min(before.Height, source.Height));
        var change = LinearChange.Between(before.Resized(width, height), after.Resized(width, height));
        var (row, values) = (new float[source.Width * SourcePicture.Channels], new float[source.Width * LinearChange.Values]);
        var picture = SourcePicture.Create(source.Width, source.Height, source.Bits, source.Metadata, source, (bytes, source) =>
        {
            var length = source.Width * source.BytesPerPixel;
            for (var y = 0; y < source.Height; y++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Blend(source, change, changed, y, row, values, bytes.Slice(y * length, length));
            }
        });
        return new EditResult(picture, changed)
        {
            Warnings = changed.IsEmpty ? ["The model changed nothing in the picture."] : [],
        };
    }

    /// <summary>Which pixels changed: 255, or 0, <c>[height, width]</c>.</summary>
    internal byte[] Changes(Picture before, Picture after)
    {
        var (width, height) = (before.Width, before.Height);
        var differences = new double[width * height];
        for (var y = 0; y < height; y++)
        {
            Difference(before.Row(y), after.Row(y), differences.AsSpan(y * width, width));
        }

        var means = BoxMeans.Of(differences, width, height, _radius);
        var changes = new byte[means.Length];
        for (var i = 0; i < means.Length; i++)
        {
            changes[i] = means[i] < _alpha ? (byte)0 : (byte)255;
        }

        return changes;
    }

    private static void Difference(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, Span<double> difference)
    {
        for (int x = 0, at = 0; x < difference.Length; x++, at += Picture.Channels)
        {
            difference[x] = (Math.Abs(before[at] - after[at]) + Math.Abs(before[at + 1] - after[at + 1]) + Math.Abs(before[at + 2] - after[at + 2])) / 255.0;
        }
    }

    /// <summary>The changes at the source's size, within the region; between changed and kept pixels they fall off linearly.</summary>
    private static EditMask Enlarged(byte[] changes, int width, int height, int toWidth, int toHeight, EditMask? region, CancellationToken cancellationToken) =>
        EditMask.CreateByRows(
            toWidth,
            toHeight,
            (y, row) =>
            {
                var (top, bottom, down) = Interpolation.At(y, toHeight, height);
                var allowed = region is null ? default : region.Row(y);
                for (var x = 0; x < row.Length; x++)
                {
                    var (left, right, along) = Interpolation.At(x, toWidth, width);
                    var upper = Mix(changes[(top * width) + left], changes[(top * width) + right], along);
                    var lower = Mix(changes[(bottom * width) + left], changes[(bottom * width) + right], along);
                    var value = Mix(upper, lower, down);
                    row[x] = (byte)Math.Round(allowed.IsEmpty ? value : value * allowed[x] / 255);
                }
            },
            cancellationToken);

    private static double Mix(double from, double to, double share) => from + ((to - from) * share);

    private static void Blend(SourcePicture source, LinearChange change, EditMask changed, int y, float[] row, float[] values, Span<byte> bytes)
    {
        source.RowBytes(y).CopyTo(bytes);
        var weights = changed.Row(y);
        if (!weights.ContainsAnyExcept((byte)0))
        {
            return;
        }

        source.ReadRow(y, row);
        change.FillRow(y, source.Height, values);
        for (var x = 0; x < weights.Length; x++)
        {
            for (var channel = 0; channel < 3 && weights[x] > 0; channel++)
            {
                var (at, of) = ((x * SourcePicture.Channels) + channel, x * LinearChange.Values);
                var made = Math.Clamp((values[of] * row[at]) + values[of + 1 + channel], 0, 1);
                row[at] += (weights[x] / 255f) * (made - row[at]);
            }
        }

        // Reading and writing gives back the very samples, so that kept pixels of the row are copies too.
        SourcePicture.WriteRow(row, source.Bits, bytes);
    }
}
