using Emu.Media.Pictures;
using Emu.Media.Tests.Support;
using Emu.Media.Video;

namespace Emu.Media.Tests.Video;

public sealed class FrameSteadyingTests : IDisposable
{
    private const int Side = 96;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ApplyAsync_ChangesUpToTheTolerance_LeaveABlockAsItWas()
    {
        var frames = new[] { Gray(100), Gray(103), Gray(104), Gray(105) };

        var steadied = await new FrameSteadying { Tolerance = 4 }.ApplyAsync(frames.ToAsyncEnumerable(), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        // The fourth differs by five from what is shown.
        Assert.Equal([100, 100, 100, 105], steadied.Select(frame => (int)frame[9, 9].Red));
    }

    [Fact]
    public async Task ApplyAsync_AlphaSteps_MakeTracesWhollyTransparentOrOpaque()
    {
        byte[] alphas = [0, 8, 9, 128, 246, 247, 255];
        var picture = Picture.Create(alphas.Length, 1, alphas, static (samples, alphas) =>
        {
            for (var i = 0; i < alphas.Length; i++)
            {
                (samples[i * 4], samples[(i * 4) + 3]) = (200, alphas[i]);
            }
        });

        var rounded = await new FrameSteadying { AlphaSteps = 15 }.ApplyAsync(new[] { picture }.ToAsyncEnumerable(), TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);

        Assert.Equal([0, 0, 17, 136, 238, 255, 255], Enumerable.Range(0, alphas.Length).Select(x => (int)rounded[x, 0].Alpha));
        Assert.Equal(PictureColor.Transparent, rounded[1, 0]);
    }

    [Theory]
    [InlineData(VideoFormat.Gif, null)]
    [InlineData(VideoFormat.Gif, 64)]
    [InlineData(VideoFormat.Apng, 64)]
    public async Task EncodeAsync_StillRegionWithNoise_DoesNotFlicker(VideoFormat format, int? colors)
    {
        Ffmpeg.SkipIfMissing();
        var path = _folder.File("a" + format.Extension());
        // The left edge is still but for noise of one level; the rest moves, on a transparent ground.
        var frames = Enumerable.Range(0, 12).Select(index => Noisy(Frames.Disc(Side, Side, index, 12), index)).ToList();
        var encoding = new VideoEncoding { Format = format, Transparent = true, Fidelity = new() { Colors = colors, Dithers = colors is null } };

        await new VideoEncoder().EncodeAsync(frames, encoding, path);

        var pixels = await Ffmpeg.DecodeAsync(path);
        Assert.Equal(Side * Side * 4 * frames.Count, pixels.Length);
        var changed = 0;
        for (var index = 1; index < frames.Count; index++)
        {
            for (var y = 0; y < Side; y++)
            {
                var start = ((index * Side) + y) * Side * 4;
                var before = start - (Side * Side * 4);
                Assert.True(pixels.AsSpan(start, 16 * 4).SequenceEqual(pixels.AsSpan(before, 16 * 4)), $"frame {index}, row {y} flickers");
                changed += pixels.AsSpan(start, Side * 4).SequenceEqual(pixels.AsSpan(before, Side * 4)) ? 0 : 1;
            }
        }
        // What moves still moves.
        Assert.True(changed > frames.Count * Side / 4, $"{changed} rows changed");
    }

    private static Picture Gray(byte level) => Picture.Filled(16, 16, new(level, level, level));

    private static Picture Noisy(Picture disc, int seed) => Picture.Create(Side, Side, (disc, seed), static (samples, state) =>
    {
        state.disc.Samples.CopyTo(samples);
        var random = new Random(state.seed);
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < 16; x++)
            {
                var level = (byte)(60 + (y * 2) + random.Next(2));
                var i = ((y * Side) + x) * 4;
                (samples[i], samples[i + 1], samples[i + 2], samples[i + 3]) = y is >= 24 and < 72 ? (level, (byte)(level / 2), (byte)90, (byte)255) : default;
            }
        }
    });
}
