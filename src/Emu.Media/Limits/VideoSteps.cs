using System.Globalization;
using Emu.Media.Pictures;
using Emu.Media.Resizing;
using Emu.Media.Video;

namespace Emu.Media.Limits;

/// <summary>One way to write a video: how faithful, which frames, how large.</summary>
/// <param name="Fidelity">How faithful.</param>
/// <param name="Stride">Every frame (1), every second (2), and so on.</param>
/// <param name="FrameRate">Frames a second.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="EstimatedBytes">What the file may have; only a guess.</param>
internal sealed record VideoStep(VideoFidelity Fidelity, int Stride, double FrameRate, int Width, int Height, double EstimatedBytes)
{
    /// <summary>The frames of this way, of its size.</summary>
    public async IAsyncEnumerable<Picture> ChooseAsync(
        IAsyncEnumerable<Picture> frames, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        PictureResizer? resizer = null;
        var index = 0;
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            if (index++ % Stride == 0)
            {
                resizer ??= new PictureResizer(frame.Width, frame.Height, Width, Height);
                yield return resizer.Resize(frame);
            }
        }
    }

    /// <summary>What this way gives up compared with the first, in words: <c>64 colours</c>.</summary>
    public IReadOnlyList<string> ComparedWith(VideoStep first)
    {
        var given = new List<string>();
        if (Fidelity.Quality != first.Fidelity.Quality || Fidelity.AlphaSteps != first.Fidelity.AlphaSteps || (Fidelity.Colors is not null && Fidelity.Dithers != first.Fidelity.Dithers))
        {
            given.Add("a lower quality");
        }
        if (Fidelity.Colors is { } colors && colors < 256)
        {
            given.Add($"{colors} colours");
        }
        if (Stride != first.Stride)
        {
            given.Add(string.Create(CultureInfo.InvariantCulture, $"{FrameRate:0.#} instead of {first.FrameRate:0.#} frames a second"));
        }
        if (Width != first.Width)
        {
            given.Add($"{Width}×{Height} instead of {first.Width}×{first.Height} pixels");
        }
        return given;
    }
}

/// <summary>
/// Every way to write a clip within limits, from the best to the smallest. Quality goes first, then colours, then frames, then
/// size, as far as it hardly shows; after that, in the same order, as far as anything can still be recognised. Where fewer frames
/// leave room, quality and colours come back as far as it goes.
/// </summary>
internal static class VideoSteps
{
    /// <summary>Below, motion looks like single pictures.</summary>
    private const double MildFrameRate = 8;

    private const double StrongFrameRate = 4;

    /// <summary>WebM rounds times up to whole milliseconds.</summary>
    private const double TimeMargin = 0.02;

    private static readonly double[] MildScales = [0.9, 0.8, 0.72, 0.64, 0.57, 0.5];

    private static readonly double[] StrongScales = [0.4, 0.32, 0.25, 0.2, 0.16, 0.125];

    /// <summary>Makes the list; it has at least one entry.</summary>
    /// <param name="encoding">Format and frame rate.</param>
    /// <param name="frameCount">The clip's frames.</param>
    /// <param name="width">Width wanted.</param>
    /// <param name="height">Height wanted.</param>
    /// <param name="limits">The limits.</param>
    public static IReadOnlyList<VideoStep> For(VideoEncoding encoding, int frameCount, int width, int height, VideoLimits limits)
    {
        var natural = frameCount / encoding.FramesPerSecond;
        var seconds = natural > limits.MaximumSeconds ? limits.MaximumSeconds.Value - TimeMargin : natural;
        var stride = 1;
        while (Kept(stride) > limits.MaximumFrames || Kept(stride) / seconds > limits.MaximumFrameRate)
        {
            stride++;
        }

        var (mild, strong) = (FidelityLadder.Of(encoding).Mild, FidelityLadder.Of(encoding).Strong);
        var (tried, scale) = (new List<(double BytesPerPixel, VideoFidelity Fidelity)>(), 1.0);
        var steps = new List<VideoStep>();
        Lower(mild);
        Thin(MildFrameRate);
        Shrink(MildScales);
        Lower(strong);
        Thin(StrongFrameRate);
        Shrink(StrongScales);
        return steps;

        int Kept(int every) => (frameCount + every - 1) / every;

        // Every fidelity so far, as long as the file is expected to be smaller than the one before.
        void Add()
        {
            var (w, h) = scale == 1 ? (width, height) : (Even(width * scale), Even(height * scale));
            foreach (var (bytesPerPixel, fidelity) in tried)
            {
                var step = new VideoStep(fidelity, stride, Kept(stride) / seconds, w, h, bytesPerPixel * w * h * Kept(stride));
                if (steps.Count == 0 || step.EstimatedBytes < steps[^1].EstimatedBytes)
                {
                    steps.Add(step);
                }
            }
        }

        void Lower(IReadOnlyList<(double BytesPerPixel, VideoFidelity Fidelity)> fidelities)
        {
            foreach (var next in fidelities)
            {
                tried.Add(next);
                Add();
            }
        }

        void Thin(double least)
        {
            for (; Kept(stride * 2) / seconds >= least && Kept(stride) > 2; Add())
            {
                stride *= 2;
            }
        }

        void Shrink(double[] scales)
        {
            foreach (var next in scales.Where(next => Math.Max(width, height) * next >= limits.MinimumSide))
            {
                scale = next;
                Add();
            }
        }
    }

    private static int Even(double side) => Math.Max(2, (int)Math.Round(side / 2, MidpointRounding.AwayFromZero) * 2);
}
