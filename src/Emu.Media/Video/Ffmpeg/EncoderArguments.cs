using System.Globalization;
using Emu.Media.Limits;

namespace Emu.Media.Video.Ffmpeg;

/// <summary>ffmpeg's options for each format. The same frames give the same file: bit-exact arithmetic, a fixed number of threads, no dates.</summary>
internal static class EncoderArguments
{
    private const string Deterministic = "-fflags +bitexact -flags:v +bitexact -map_metadata -1 -an -sn -dn";

    /// <summary>sRGB to limited-range BT.709; full chroma and exact rounding, so that flat grounds stay flat.</summary>
    private const string ToBt709 = "scale=in_range=pc:out_range=tv:out_color_matrix=bt709:flags=bicubic+accurate_rnd+full_chroma_int+bitexact";

    private const string Bt709Tags = "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv";

    /// <summary>FFV1, every frame on its own, in four slices with checksums. ffmpeg 5.1 loses samples when it slices tiny frames, so those take the older version 1.</summary>
    public static string ForFrameChunk(int width, int height, int threads)
    {
        var version = Math.Min(width, height) >= 32 ? "-level 3 -slices 4 -slicecrc 1" : "-level 1";
        return string.Create(CultureInfo.InvariantCulture, $"{Deterministic} -threads {threads} -c:v ffv1 {version} -g 1 -pix_fmt bgra -f matroska");
    }

    public static string For(VideoEncoding encoding, int width, int height, int threads) =>
        string.Create(CultureInfo.InvariantCulture, $"{Deterministic} -threads {threads} {Codec(encoding, width, height)}");

    private static string Codec(VideoEncoding encoding, int width, int height) => encoding.Format switch
    {
        // veryfast: twice as fast as medium; for one sticker, a file 5 % larger and SSIM 0.9930 instead of 0.9936.
        VideoFormat.Mp4 => $"-vf {EvenSize(width, height)}{ToBt709},format=yuv420p -c:v libx264 -preset veryfast -crf {encoding.Fidelity.Quality ?? 18} {Bt709Tags} -movflags +faststart -f mp4",
        VideoFormat.Gif => $"-filter_complex {Palette(encoding.Fidelity, encoding.Fidelity.Colors ?? 256, "", "alpha_threshold=128")} -c:v gif -loop 0 -f gif",
        // In milliseconds, WebP's own unit: from any other, ffmpeg cuts fractions off and the clip ends early.
        VideoFormat.WebP => $"-enc_time_base 1:1000 -c:v libwebp_anim -pix_fmt bgra -quality {encoding.Fidelity.Quality ?? 85} -compression_level 4 -loop 0 -f webp",
        VideoFormat.Apng when encoding.Fidelity.Colors is { } colors =>
            $"-filter_complex {Palette(encoding.Fidelity, colors, ":use_alpha=1", "use_alpha=1")}{(encoding.AllowsPalette ? "" : ",format=rgba")} -c:v apng -pred none -plays 0 -f apng",
        VideoFormat.Apng => $"-c:v apng -pix_fmt {(encoding.KeepsAlpha ? "rgba" : "rgb24")} -pred mixed -plays 0 -f apng",
        VideoFormat.WebM => encoding.KeepsAlpha
            // libvpx cannot use alternate reference frames with an alpha layer.
            ? $"-vf {ToBt709},format=yuva420p -auto-alt-ref 0 {Vp9(encoding.Fidelity)}"
            : $"-vf {ToBt709},format=yuv420p {Vp9(encoding.Fidelity)}",
        _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding.Format, "Not a video format."),
    };

    // Ordered dither does not crawl from frame to frame. One palette for the whole clip, one entry of it transparent.
    private static string Palette(VideoFidelity fidelity, int colors, string generate, string use) =>
        $"split[a][b];[a]palettegen=max_colors={colors}:reserve_transparent=1{generate}[p];[b][p]paletteuse=dither={(fidelity.Dithers ? "bayer:bayer_scale=4" : "none")}:{use}";

    private static string Vp9(VideoFidelity fidelity) => $"-c:v libvpx-vp9 -crf {fidelity.Quality ?? 24} -b:v 0 -deadline good -cpu-used 4 -row-mt 0 {Bt709Tags} -f webm";

    /// <summary>4:2:0 needs even sides: the last column or row is repeated once.</summary>
    private static string EvenSize(int width, int height)
    {
        var (right, bottom) = (width & 1, height & 1);
        return right + bottom == 0
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $"pad={width + right}:{height + bottom},fillborders=right={right}:bottom={bottom}:mode=smear,");
    }
}
