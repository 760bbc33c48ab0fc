using System.Runtime.CompilerServices;
using Emu.Media.Pictures;

namespace Emu.Media.Video;

/// <summary>
/// Prepares frames for formats of few colours, or for small files.
/// <para>Still regions become exactly still: a block of 8 × 8 pixels stays as it was in the frame before while none of its samples
/// differs by more than <see cref="Tolerance"/>. Noise of one level would otherwise flip pixels between two colours of a palette
/// from frame to frame.</para>
/// <para>Alpha is rounded to <see cref="AlphaSteps"/>: what is nearly transparent or nearly opaque becomes wholly so. Traces that
/// networks leave there are not seen, and take most of the space of a lossless alpha layer.</para>
/// </summary>
internal sealed record FrameSteadying
{
    private const int BlockSide = 8;

    /// <summary>Less than the distance of two neighbours in a palette of 256 colours.</summary>
    private const int UnseenDifference = 4;

    /// <summary>The largest difference of a sample from the frame before that counts as none, 0 to 255; 0 changes nothing.</summary>
    public int Tolerance { get; init; }

    /// <summary>Into how many equal steps alpha is divided, 1 to 255; 255, the default, leaves it as it is.</summary>
    public int AlphaSteps { get; init; } = 255;

    /// <summary>What an encoding needs: still regions where it has a palette, rounded alpha where it says so. Null if nothing.</summary>
    public static FrameSteadying? For(VideoEncoding encoding)
    {
        var hasPalette = encoding.Format == VideoFormat.Gif || encoding.Fidelity.Colors is not null;
        return hasPalette || encoding.Fidelity.AlphaSteps < 255
            ? new() { Tolerance = hasPalette ? UnseenDifference : 0, AlphaSteps = encoding.Fidelity.AlphaSteps }
            : null;
    }

    /// <summary>The same frames, steadied. All are of one size.</summary>
    public async IAsyncEnumerable<Picture> ApplyAsync(IAsyncEnumerable<Picture> frames, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var alphas = Enumerable.Range(0, 256).Select(RoundedAlpha).ToArray();
        Picture? before = null;
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            before = Picture.Create(frame.Width, frame.Height, (frame, before, alphas, Tolerance), static (samples, state) =>
            {
                state.frame.Samples.CopyTo(samples);
                RoundAlpha(samples, state.alphas);
                if (state.Tolerance > 0 && state.before is { } before && (before.Width, before.Height) == (state.frame.Width, state.frame.Height))
                {
                    KeepStillBlocks(samples, before, state.Tolerance);
                }
            });
            yield return before;
        }
    }

    private byte RoundedAlpha(int alpha) => (byte)Math.Round(Math.Round(alpha * AlphaSteps / 255.0, MidpointRounding.AwayFromZero) * 255 / AlphaSteps, MidpointRounding.AwayFromZero);

    private static void RoundAlpha(Span<byte> samples, byte[] alphas)
    {
        for (var i = 0; i < samples.Length; i += Picture.Channels)
        {
            samples[i + 3] = alphas[samples[i + 3]];
            if (samples[i + 3] == 0)
            {
                samples.Slice(i, 3).Clear();
            }
        }
    }

    private static void KeepStillBlocks(Span<byte> samples, Picture before, int tolerance)
    {
        for (var top = 0; top < before.Height; top += BlockSide)
        {
            var bottom = Math.Min(top + BlockSide, before.Height);
            for (var left = 0; left < before.Width; left += BlockSide)
            {
                var width = Math.Min(BlockSide, before.Width - left) * Picture.Channels;
                if (IsStill(samples, before, left, top, bottom, width, tolerance))
                {
                    for (var y = top; y < bottom; y++)
                    {
                        var start = ((y * before.Width) + left) * Picture.Channels;
                        before.Samples.Slice(start, width).CopyTo(samples[start..]);
                    }
                }
            }
        }
    }

    private static bool IsStill(ReadOnlySpan<byte> samples, Picture before, int left, int top, int bottom, int width, int tolerance)
    {
        for (var y = top; y < bottom; y++)
        {
            var start = ((y * before.Width) + left) * Picture.Channels;
            var now = samples.Slice(start, width);
            var then = before.Samples.Slice(start, width);
            for (var i = 0; i < width; i++)
            {
                if (Math.Abs(now[i] - then[i]) > tolerance)
                {
                    return false;
                }
            }
        }
        return true;
    }
}
