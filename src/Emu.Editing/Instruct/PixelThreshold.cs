using Emu.Editing.Masks;
using Emu.Editing.Operations;
using Emu.Media.Pictures;
using Emu.Media.Resizing;

namespace Emu.Editing.Instruct;

/// <summary>
/// Keeps the pixels that an edit did not change (Emu Edit, arXiv 2311.10089, on repeated edits): d = ‖before − after‖₁ of each pixel,
/// low-passed; where it is below α the old pixel stays. Before is what the model's autoencoder makes of the source, so that what
/// the autoencoder loses is no change. Kept pixels are copied at the source's own size and depth.
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
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The picture, with the source's alpha and metadata, and which of its pixels may differ.</returns>
    /// <exception cref="ArgumentException">The two are not of one size.</exception>
    public EditResult Apply(SourcePicture source, Picture before, Picture after, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Width != after.Width || before.Height != after.Height)
        {
            throw new ArgumentException($"The pictures before and after are of one size; they are {before.Width}x{before.Height} and {after.Width}x{after.Height}.", nameof(after));
        }

        var changes = Changes(before, after);
        var changed = Enlarged(changes, before.Width, before.Height, source.Width, source.Height);
        var edited = after.Resized(source.Width, source.Height);
        var row = new float[source.Width * SourcePicture.Channels];
        var picture = SourcePicture.Create(source.Width, source.Height, source.Bits, source.Metadata, source, (bytes, source) =>
        {
            var length = source.Width * source.BytesPerPixel;
            for (var y = 0; y < source.Height; y++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Blend(source, edited, changed, y, row, bytes.Slice(y * length, length));
            }
        });
        return new EditResult(picture, changed);
    }

    /// <summary>Which pixels changed: 255, or 0, <c>[height, width]</c>.</summary>
    internal byte[] Changes(Picture before, Picture after)
    {
        var (width, height) = (before.Width, before.Height);
        var across = new double[width * height];
        var line = new double[width];
        for (var y = 0; y < height; y++)
        {
            Difference(before.Row(y), after.Row(y), line);
            Averaged(line, across.AsSpan(y * width, width), _radius);
        }

        var changes = new byte[width * height];
        var (column, averaged) = (new double[height], new double[height]);
        for (var x = 0; x < width; x++)
        {
            for (var y = 0; y < height; y++)
            {
                column[y] = across[(y * width) + x];
            }

            Averaged(column, averaged, _radius);
            for (var y = 0; y < height; y++)
            {
                changes[(y * width) + x] = averaged[y] < _alpha ? (byte)0 : (byte)255;
            }
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

    /// <summary>Means of 2·radius + 1 neighbours, of fewer at the ends. Sums of whole differences, so that no error gathers.</summary>
    private static void Averaged(ReadOnlySpan<double> values, Span<double> means, int radius)
    {
        for (var at = 0; at < values.Length; at++)
        {
            var (from, to) = (Math.Max(at - radius, 0), Math.Min(at + radius, values.Length - 1));
            double sum = 0;
            for (var near = from; near <= to; near++)
            {
                sum += values[near];
            }

            means[at] = sum / (to - from + 1);
        }
    }

    /// <summary>The changes at the source's size; between changed and kept pixels they fall off linearly.</summary>
    private static EditMask Enlarged(byte[] changes, int width, int height, int toWidth, int toHeight) =>
        EditMask.Create(toWidth, toHeight, (changes, width, height, toWidth, toHeight), static (values, state) =>
        {
            for (var y = 0; y < state.toHeight; y++)
            {
                var (top, bottom, down) = Between(y, state.height, state.toHeight);
                for (var x = 0; x < state.toWidth; x++)
                {
                    var (left, right, along) = Between(x, state.width, state.toWidth);
                    var upper = Mix(state.changes[(top * state.width) + left], state.changes[(top * state.width) + right], along);
                    var lower = Mix(state.changes[(bottom * state.width) + left], state.changes[(bottom * state.width) + right], along);
                    values[(y * state.toWidth) + x] = (byte)Math.Round(Mix(upper, lower, down));
                }
            }
        });

    private static (int Before, int After, double Share) Between(int at, int count, int toCount)
    {
        var place = Math.Clamp(((at + 0.5) * count / toCount) - 0.5, 0, count - 1);
        var before = (int)place;
        return (before, Math.Min(before + 1, count - 1), place - before);
    }

    private static double Mix(double from, double to, double share) => from + ((to - from) * share);

    private static void Blend(SourcePicture source, Picture edited, EditMask changed, int y, float[] row, Span<byte> bytes)
    {
        var own = source.RowBytes(y);
        own.CopyTo(bytes);
        var weights = changed.Row(y);
        if (!weights.ContainsAnyExcept((byte)0))
        {
            return;
        }

        source.ReadRow(y, row);
        var made = edited.Row(y);
        for (var x = 0; x < weights.Length; x++)
        {
            for (var channel = 0; channel < 3 && weights[x] > 0; channel++)
            {
                var at = (x * SourcePicture.Channels) + channel;
                row[at] += (weights[x] / 255f) * ((made[at] / 255f) - row[at]);
            }
        }

        // Reading and writing gives back the very samples, so that kept pixels of the row are copies too.
        SourcePicture.WriteRow(row, source.Bits, bytes);
    }
}
