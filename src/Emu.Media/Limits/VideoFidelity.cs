using Emu.Media.Video;

namespace Emu.Media.Limits;

/// <summary>How much of its frames a video keeps. Null stands for the format's usual value.</summary>
internal sealed record VideoFidelity
{
    /// <summary>What a video is written with where nothing has to be smaller.</summary>
    public static VideoFidelity Usual { get; } = new();

    /// <summary>The codec's own number: CRF for MP4 (18) and WebM (24), of which more is worse; quality for WebP (85), of which less is worse.</summary>
    public int? Quality { get; init; }

    /// <summary>Into how many steps alpha is divided (<see cref="FrameSteadying.AlphaSteps"/>); 255 leaves it as it is.</summary>
    public int AlphaSteps { get; init; } = 255;

    /// <summary>The colours of a GIF's palette, 4 to 256 (256); in an APNG, which is lossless without it, the colours that all frames together have.</summary>
    public int? Colors { get; init; }

    /// <summary>Whether a palette's colours are mixed in an ordered pattern, which does not move from frame to frame.</summary>
    public bool Dithers { get; init; } = true;
}

/// <summary>
/// The fidelities that are tried, format by format, each smaller than the one before: <see cref="Mild"/> ones change little that is
/// seen, <see cref="Strong"/> ones are for when fewer frames and a smaller size were not enough either.
/// </summary>
/// <param name="Mild">Bytes a pixel of a typical sticker that moves, and the fidelity. The bytes only decide what is tried first.</param>
/// <param name="Strong">The same.</param>
internal sealed record FidelityLadder(IReadOnlyList<(double BytesPerPixel, VideoFidelity Fidelity)> Mild, IReadOnlyList<(double BytesPerPixel, VideoFidelity Fidelity)> Strong)
{
    private const double Mp4Unit = 0.03;

    private static readonly FidelityLadder Mp4 = new(
        [(Mp4Unit, VideoFidelity.Usual), (Mp4Unit * 0.7, Lossy(22)), (Mp4Unit * 0.48, Lossy(26)), (Mp4Unit * 0.33, Lossy(30)), (Mp4Unit * 0.23, Lossy(34))],
        [(Mp4Unit * 0.15, Lossy(39)), (Mp4Unit * 0.09, Lossy(45)), (Mp4Unit * 0.06, Lossy(51))]);

    private static readonly FidelityLadder WebM = new(
        [(0.047, VideoFidelity.Usual), (0.028, Lossy(24, 15)), (0.024, Lossy(28, 15)), (0.019, Lossy(32, 15)), (0.0148, Lossy(36, 15)), (0.0121, Lossy(40, 15)), (0.0098, Lossy(44, 15))],
        [(0.0075, Lossy(49, 15)), (0.0055, Lossy(54, 15)), (0.004, Lossy(59, 15)), (0.003, Lossy(63, 15))]);

    // Most of an animated WebP is its lossless alpha layer.
    private static readonly FidelityLadder WebP = new(
        [(0.124, VideoFidelity.Usual), (0.0616, Lossy(85, 15)), (0.0468, Lossy(75, 15)), (0.0342, Lossy(75, 7)), (0.031, Lossy(60, 7)), (0.0261, Lossy(75, 3)), (0.0225, Lossy(55, 3)), (0.0205, Lossy(40, 3))],
        [(0.0178, Lossy(20, 3)), (0.0144, Lossy(40, 1)), (0.0125, Lossy(20, 1)), (0.0105, Lossy(5, 1))]);

    private static readonly FidelityLadder Gif = new(
        [(0.154, VideoFidelity.Usual), (0.13, Palette(256)), (0.105, Palette(128)), (0.08, Palette(64))],
        [(0.06, Palette(32)), (0.045, Palette(16)), (0.03, Palette(8))]);

    private static readonly FidelityLadder IndexedApng = new(
        [(0.73, VideoFidelity.Usual), (0.15, Palette(256, 15) with { Dithers = true }), (0.125, Palette(256, 15)), (0.095, Palette(128, 7)), (0.071, Palette(64, 3))],
        [(0.052, Palette(32, 3)), (0.038, Palette(16, 1)), (0.027, Palette(8, 1))]);

    private static readonly FidelityLadder Apng = new([.. IndexedApng.Mild.Select(WithoutPalette)], [.. IndexedApng.Strong.Select(WithoutPalette)]);

    /// <summary>The ladder of a format.</summary>
    public static FidelityLadder Of(VideoEncoding encoding) => encoding.Format switch
    {
        VideoFormat.Mp4 => Mp4,
        VideoFormat.WebM => WebM,
        VideoFormat.WebP => WebP,
        VideoFormat.Gif => Gif,
        VideoFormat.Apng => encoding.AllowsPalette ? IndexedApng : Apng,
        _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding.Format, "Not a video format."),
    };

    private static VideoFidelity Lossy(int quality, int alphaSteps = 255) => new() { Quality = quality, AlphaSteps = alphaSteps };

    private static VideoFidelity Palette(int colors, int alphaSteps = 255) => new() { Colors = colors, AlphaSteps = alphaSteps, Dithers = false };

    // The same few colours take a third more at four bytes a pixel.
    private static (double BytesPerPixel, VideoFidelity Fidelity) WithoutPalette((double BytesPerPixel, VideoFidelity Fidelity) entry) =>
        entry.Fidelity.Colors is null ? entry : (entry.BytesPerPixel * 1.35, entry.Fidelity);
}
