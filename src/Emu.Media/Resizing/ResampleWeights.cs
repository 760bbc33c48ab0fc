namespace Emu.Media.Resizing;

/// <summary>How samples between samples are found. Every filter is widened when a picture is made smaller, so that nothing is skipped.</summary>
public enum ResizeFilter
{
    /// <summary>For each direction: <see cref="Area"/> to make smaller, <see cref="Lanczos3"/> to make larger.</summary>
    Best,

    /// <summary>The mean over the area a new pixel covers (a box).</summary>
    Area,

    /// <summary>Cubic convolution with a = −½ (Keys 1981; Catmull-Rom), 4 taps.</summary>
    Bicubic,

    /// <summary>Windowed sinc of three lobes (Duchon 1979), 6 taps: the sharpest, with slight halos at hard edges.</summary>
    Lanczos3,
}

/// <summary>For each new position along one direction: where its taps begin and what they weigh (their sum is 1).</summary>
internal sealed class ResampleWeights
{
    private readonly int[] _starts;
    private readonly int[] _offsets;
    private readonly float[] _weights;

    /// <summary>Computes the taps. Kernels are cut off at the borders and normalised again.</summary>
    /// <param name="sourceLength">Samples there are.</param>
    /// <param name="length">Samples wanted.</param>
    /// <param name="filter">The filter.</param>
    public ResampleWeights(int sourceLength, int length, ResizeFilter filter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        IsIdentity = sourceLength == length;
        var scale = (double)sourceLength / length;
        var stretch = Math.Max(scale, 1);
        var (kernel, radius) = Kernel(filter == ResizeFilter.Best ? (scale > 1 ? ResizeFilter.Area : ResizeFilter.Lanczos3) : filter);
        var support = radius * stretch;
        _starts = new int[length];
        _offsets = new int[length + 1];
        for (var i = 0; i < length; i++)
        {
            var center = (i + 0.5) * scale;
            _starts[i] = Math.Max(0, (int)(center - support + 0.5));
            var count = Math.Min(sourceLength, (int)(center + support + 0.5)) - _starts[i];
            _offsets[i + 1] = checked(_offsets[i] + count);
            MaximumTaps = Math.Max(MaximumTaps, count);
        }
        _weights = new float[_offsets[length]];
        var taps = new double[MaximumTaps];
        for (var i = 0; i < length; i++)
        {
            var center = (i + 0.5) * scale;
            var weighed = _weights.AsSpan(_offsets[i], _offsets[i + 1] - _offsets[i]);
            var sum = 0.0;
            for (var k = 0; k < weighed.Length; k++)
            {
                sum += taps[k] = kernel((_starts[i] + k - center + 0.5) / stretch);
            }
            for (var k = 0; k < weighed.Length; k++)
            {
                weighed[k] = (float)(taps[k] / sum);
            }
        }
    }

    /// <summary>The most taps a new sample has.</summary>
    public int MaximumTaps { get; }

    /// <summary>How many samples are wanted.</summary>
    public int Length => _starts.Length;

    /// <summary>Whether every sample stays as it is.</summary>
    public bool IsIdentity { get; }

    /// <summary>The first source sample of a new one.</summary>
    public int Start(int index) => _starts[index];

    /// <summary>The weights of the source samples from <see cref="Start"/> on.</summary>
    public ReadOnlySpan<float> Taps(int index) => _weights.AsSpan(_offsets[index], _offsets[index + 1] - _offsets[index]);

    private static (Func<double, double> Kernel, double Radius) Kernel(ResizeFilter filter) => filter switch
    {
        ResizeFilter.Area => (static x => x is > -0.5 and <= 0.5 ? 1 : 0, 0.5),
        ResizeFilter.Bicubic => (Cubic, 2),
        ResizeFilter.Lanczos3 => (static x => Math.Abs(x) < 3 ? Sinc(x) * Sinc(x / 3) : 0, 3),
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "Not a filter."),
    };

    private static double Cubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        return x < 1 ? (((((a + 2) * x) - (a + 3)) * x * x) + 1)
            : x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * a
            : 0;
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
