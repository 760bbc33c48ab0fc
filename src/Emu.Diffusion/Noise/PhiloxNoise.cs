namespace Emu.Diffusion.Noise;

/// <summary>
/// Unit normal noise that depends only on where it is used: seed, stage, sample and draw. A job that is resumed on another
/// machine draws the same noise.
/// </summary>
/// <remarks>
/// Key = seed (low word, high word); counter = (block, draw, stage &lt;&lt; 16 | sample, 0). The four words of a block give
/// four normals by Box and Muller's transform in double precision, rounded to float32.
/// </remarks>
public static class PhiloxNoise
{
    /// <summary>The largest sample number that fits the counter.</summary>
    public const int MaximumSample = ushort.MaxValue;

    private const double WordUnit = 1.0 / 4294967296.0;

    /// <summary>Fills a span with unit normals.</summary>
    /// <param name="destination">One sample's tensor in row-major order.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="stage">The stage that draws.</param>
    /// <param name="sample">The number of the sample in its batch, 0 to <see cref="MaximumSample"/>.</param>
    /// <param name="draw">0 for the starting noise, i + 1 for what step i (from 0) draws.</param>
    /// <exception cref="ArgumentOutOfRangeException">The stage, the sample or the draw does not fit the counter.</exception>
    public static void Fill(Span<float> destination, ulong seed, NoiseStage stage, int sample, int draw)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(draw);
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sample, MaximumSample);
        if (!Enum.IsDefined(stage))
        {
            throw new ArgumentOutOfRangeException(nameof(stage), stage, "Not a stage that draws noise.");
        }

        var key = ((uint)seed, (uint)(seed >> 32));
        var place = ((uint)stage << 16) | (uint)sample;
        Span<float> normals = stackalloc float[4];
        for (var start = 0; start < destination.Length; start += 4)
        {
            var words = Philox4x32.Block(((uint)(start / 4), (uint)draw, place, 0), key);
            (normals[0], normals[1]) = BoxMuller(words.W0, words.W1);
            (normals[2], normals[3]) = BoxMuller(words.W2, words.W3);
            var remaining = destination[start..];
            normals[..Math.Min(4, remaining.Length)].CopyTo(remaining);
        }
    }

    private static (float First, float Second) BoxMuller(uint radiusWord, uint angleWord)
    {
        // Half a unit is added so that the logarithm never sees zero.
        var radius = Math.Sqrt(-2 * Math.Log((radiusWord + 0.5) * WordUnit));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * ((angleWord + 0.5) * WordUnit));
        return ((float)(radius * cosine), (float)(radius * sine));
    }
}

/// <summary>Which part of a job draws noise; part of the generator's counter, so that no two stages draw the same numbers.</summary>
public enum NoiseStage
{
    /// <summary>The keyframe.</summary>
    Keyframe = 1,

    /// <summary>The clip.</summary>
    Clip = 2,

    /// <summary>Interpolation between the clip's frames.</summary>
    Interpolation = 3,

    /// <summary>An edit.</summary>
    Edit = 4,

    /// <summary>Noise augmentation of the key frames that interpolation is conditioned on.</summary>
    Augmentation = 5,
}
